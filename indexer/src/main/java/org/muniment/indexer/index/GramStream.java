package org.muniment.indexer.index;

import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.BytesTermAttribute;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.util.BytesRef;
import org.muniment.indexer.text.Grams;

/// Grams as terms of the index: each unit in one to three octets, as UTF-8 would write it were it a
/// character, so that what begins alike stands together.
public final class GramStream extends TokenStream {

  private static final int OCTETS_OF_UNIT = 3;
  private static final FieldType TYPE = type();

  private final BytesTermAttribute term = addAttribute(BytesTermAttribute.class);
  private final BytesRef octets = new BytesRef(OCTETS_OF_UNIT * Grams.LENGTH);
  private final long[] grams;
  private int at;

  private GramStream(long[] grams) {
    this.grams = grams;
  }

  private static FieldType type() {
    FieldType type = new FieldType();
    type.setTokenized(true);
    type.setIndexOptions(IndexOptions.DOCS);
    type.setOmitNorms(true);
    type.freeze();
    return type;
  }

  /// @param grams each once
  static Field field(String name, long[] grams) {
    return new Field(name, new GramStream(grams), TYPE);
  }

  /// A gram as a term.
  public static BytesRef term(long gram) {
    BytesRef term = new BytesRef(OCTETS_OF_UNIT * Grams.LENGTH);
    write(gram, term);
    return term;
  }

  private static void write(long gram, BytesRef to) {
    to.length = 0;
    for (int i = 0; i < Grams.LENGTH; i++) {
      append(Grams.unit(gram, i), to);
    }
  }

  /// The beginning of the terms of all grams that begin with some units.
  public static BytesRef term(CharSequence units) {
    BytesRef term = new BytesRef(OCTETS_OF_UNIT * units.length());
    for (int i = 0; i < units.length(); i++) {
      append(units.charAt(i), term);
    }
    return term;
  }

  // UTF8-1 / UTF8-2 / UTF8-3 of RFC 3629, surrogates too
  private static void append(char unit, BytesRef to) {
    if (unit < 0x80) {
      to.bytes[to.length++] = (byte) unit;
    } else if (unit < 0x800) {
      to.bytes[to.length++] = (byte) (0xC0 | (unit >> 6));
      to.bytes[to.length++] = (byte) (0x80 | (unit & 0x3F));
    } else {
      to.bytes[to.length++] = (byte) (0xE0 | (unit >> 12));
      to.bytes[to.length++] = (byte) (0x80 | ((unit >> 6) & 0x3F));
      to.bytes[to.length++] = (byte) (0x80 | (unit & 0x3F));
    }
  }

  @Override
  public boolean incrementToken() {
    if (at == grams.length) {
      return false;
    }
    clearAttributes();
    write(grams[at++], octets);
    term.setBytesRef(octets);
    return true;
  }

  @Override
  public void reset() {
    at = 0;
  }
}
