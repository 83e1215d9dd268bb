package org.muniment.indexer.extract.child;

import org.xml.sax.Attributes;
import org.xml.sax.helpers.DefaultHandler;

/// Takes the text of the XHTML that a parser makes of a document, without its head.
final class BodyText extends DefaultHandler {

  private final Output output;
  private int head;

  BodyText(Output output) {
    this.output = output;
  }

  @Override
  public void startElement(String uri, String local, String name, Attributes attributes) {
    if (head > 0 || local.equals("head")) {
      head++;
    }
  }

  @Override
  public void endElement(String uri, String local, String name) {
    if (head > 0) {
      head--;
    }
  }

  @Override
  public void characters(char[] characters, int from, int length) {
    if (head == 0) {
      output.text(characters, from, length);
    }
  }

  @Override
  public void ignorableWhitespace(char[] characters, int from, int length) {
    characters(characters, from, length);
  }
}
