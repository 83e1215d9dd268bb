package org.muniment.indexer.mail;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A structure as compact JSON, for a column of the catalogue. What is missing or the default is
/// left out. Fields that a reader does not know are skipped; another version is refused, and the
/// message is then read anew.
///
/// ```
/// structure = { v: 1, p: part, e: envelope, r: [id...], x: [[kind, offset]...], n: length }
/// envelope  = { d: date, s: subject, f: addresses, n: sender, r: reply-to, t: to, c: cc, b: bcc,
///               i: in-reply-to, m: message-id }
/// addresses = [ [name, route, local, domain] | [group, [[name, route, local, domain]...]] ... ]
/// part      = { t: type, s: subtype, a: parameters, i: id, d: description, e: encoding, m: md5,
///               f: [disposition, parameters], l: [language...], u: location,
///               o: [start, body, end, lines], c: [part...], y: envelope, z: part }
/// parameters = [name, value, ...]
/// ```
///
/// `y` and `z` are the envelope and the root of a message inside the part.
public final class StructureJson {

  /// Version that is written, and the only one that is read.
  public static final int VERSION = 1;

  private static final int MAX_NESTING = 8 * StructureReader.MAX_DEPTH;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(MAX_NESTING).build())
          .streamWriteConstraints(
              StreamWriteConstraints.builder().maxNestingDepth(MAX_NESTING).build())
          .build();

  private StructureJson() {}

  /// The JSON of a structure, in UTF-8.
  public static byte[] write(Structure structure) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    try (JsonGenerator generator = JSON.createGenerator(octets)) {
      new Writer(generator).structure(structure);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return octets.toByteArray();
  }

  /// The structure that was written.
  ///
  /// @throws IllegalArgumentException where these octets were not written by [#write], or by
  ///   another version of it
  public static Structure read(byte[] json) {
    try (JsonParser parser = JSON.createParser(json)) {
      return new Reader(parser).structure();
    } catch (IOException | IndexOutOfBoundsException | NullPointerException e) {
      throw new IllegalArgumentException("not the JSON of a structure", e);
    }
  }

  /// The root part of the structure that was written. What comes behind it is not looked at.
  ///
  /// @throws IllegalArgumentException as [#read]
  public static Part readRoot(byte[] json) {
    try (JsonParser parser = JSON.createParser(json)) {
      return new Reader(parser).root();
    } catch (IOException | IndexOutOfBoundsException | NullPointerException e) {
      throw new IllegalArgumentException("not the JSON of a structure", e);
    }
  }

  private record Writer(JsonGenerator json) {

    void structure(Structure structure) throws IOException {
      json.writeStartObject();
      json.writeNumberField("v", VERSION);
      json.writeFieldName("p");
      part(structure.root());
      envelope("e", structure.envelope());
      texts("r", structure.references());
      if (!structure.defects().isEmpty()) {
        json.writeArrayFieldStart("x");
        for (Defect defect : structure.defects()) {
          json.writeStartArray();
          json.writeString(defect.kind().name());
          json.writeNumber(defect.offset());
          json.writeEndArray();
        }
        json.writeEndArray();
      }
      json.writeNumberField("n", structure.length());
      json.writeEndObject();
    }

    private void envelope(String field, Envelope envelope) throws IOException {
      json.writeObjectFieldStart(field);
      text("d", envelope.date());
      text("s", envelope.subject());
      addresses("f", envelope.from());
      addresses("n", envelope.sender());
      addresses("r", envelope.replyTo());
      addresses("t", envelope.to());
      addresses("c", envelope.cc());
      addresses("b", envelope.bcc());
      text("i", envelope.inReplyTo());
      text("m", envelope.messageId());
      json.writeEndObject();
    }

    private void addresses(String field, List<Address> addresses) throws IOException {
      if (!addresses.isEmpty()) {
        json.writeArrayFieldStart(field);
        for (Address address : addresses) {
          switch (address) {
            case Address.Mailbox mailbox -> mailbox(mailbox);
            case Address.Group group -> group(group);
          }
        }
        json.writeEndArray();
      }
    }

    private void mailbox(Address.Mailbox mailbox) throws IOException {
      json.writeStartArray();
      json.writeString(mailbox.name());
      json.writeString(mailbox.route());
      json.writeString(mailbox.localPart());
      json.writeString(mailbox.domain());
      json.writeEndArray();
    }

    private void group(Address.Group group) throws IOException {
      json.writeStartArray();
      json.writeString(group.name());
      json.writeStartArray();
      for (Address.Mailbox member : group.members()) {
        mailbox(member);
      }
      json.writeEndArray();
      json.writeEndArray();
    }

    private void part(Part part) throws IOException {
      json.writeStartObject();
      text("t", part.type().equals("text") ? null : part.type());
      text("s", part.subtype().equals("plain") ? null : part.subtype());
      parameters("a", part.parameters());
      text("i", part.id());
      text("d", part.description());
      text("e", part.encoding().equals("7bit") ? null : part.encoding());
      text("m", part.md5());
      Part.Disposition disposition = part.disposition();
      if (disposition != null) {
        json.writeArrayFieldStart("f");
        json.writeString(disposition.type());
        writeParameters(disposition.parameters());
        json.writeEndArray();
      }
      texts("l", part.languages());
      text("u", part.location());
      json.writeFieldName("o");
      json.writeArray(new long[] {part.start(), part.body(), part.end(), part.lines()}, 0, 4);
      contents(part);
      json.writeEndObject();
    }

    private void contents(Part part) throws IOException {
      if (!part.children().isEmpty()) {
        json.writeArrayFieldStart("c");
        for (Part child : part.children()) {
          part(child);
        }
        json.writeEndArray();
      }
      Part.Embedded message = part.message();
      if (message != null) {
        envelope("y", message.envelope());
        json.writeFieldName("z");
        part(message.root());
      }
    }

    private void parameters(String field, List<Part.Parameter> parameters) throws IOException {
      if (!parameters.isEmpty()) {
        json.writeFieldName(field);
        writeParameters(parameters);
      }
    }

    private void writeParameters(List<Part.Parameter> parameters) throws IOException {
      json.writeStartArray();
      for (Part.Parameter parameter : parameters) {
        json.writeString(parameter.name());
        json.writeString(parameter.value());
      }
      json.writeEndArray();
    }

    private void text(String field, @Nullable String text) throws IOException {
      if (text != null) {
        json.writeStringField(field, text);
      }
    }

    private void texts(String field, List<String> texts) throws IOException {
      if (!texts.isEmpty()) {
        json.writeArrayFieldStart(field);
        for (String text : texts) {
          json.writeString(text);
        }
        json.writeEndArray();
      }
    }
  }

  private record Reader(JsonParser json) {

    Structure structure() throws IOException {
      Envelope envelope = null;
      Part root = null;
      List<String> references = List.of();
      List<Defect> defects = List.of();
      long length = 0;
      int version = 0;
      json.nextToken();
      expect(JsonToken.START_OBJECT);
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "v" -> version = version();
          case "e" -> envelope = envelope();
          case "p" -> root = part();
          case "r" -> references = texts();
          case "x" -> defects = defects();
          case "n" -> length = json.getLongValue();
          default -> json.skipChildren();
        }
      }
      if (envelope == null || root == null || version == 0) {
        throw new IOException("a structure has v, e and p");
      }
      return new Structure(envelope, root, references, defects, length);
    }

    Part root() throws IOException {
      int version = 0;
      json.nextToken();
      expect(JsonToken.START_OBJECT);
      Part root = null;
      while (root == null && json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "v" -> version = version();
          case "p" -> root = part();
          default -> json.skipChildren();
        }
      }
      if (root == null || version == 0) {
        throw new IOException("a structure has v, and p behind it");
      }
      return root;
    }

    private int version() throws IOException {
      int version = json.getIntValue();
      if (version != VERSION) {
        throw new IOException("version " + version + ", expected " + VERSION);
      }
      return version;
    }

    private void expect(JsonToken token) throws IOException {
      if (json.currentToken() != token) {
        throw new IOException(
            "expected " + token + " at " + json.currentLocation().getByteOffset());
      }
    }

    private List<Defect> defects() throws IOException {
      List<Defect> defects = new ArrayList<>();
      expect(JsonToken.START_ARRAY);
      while (json.nextToken() == JsonToken.START_ARRAY) {
        json.nextToken();
        Defect.Kind kind = Defect.Kind.valueOf(json.getText());
        json.nextToken();
        defects.add(new Defect(kind, json.getLongValue()));
        json.nextToken();
      }
      return defects;
    }

    private Envelope envelope() throws IOException {
      String date = null;
      String subject = null;
      String inReplyTo = null;
      String messageId = null;
      List<Address> from = List.of();
      List<Address> sender = List.of();
      List<Address> replyTo = List.of();
      List<Address> to = List.of();
      List<Address> cc = List.of();
      List<Address> bcc = List.of();
      expect(JsonToken.START_OBJECT);
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "d" -> date = json.getText();
          case "s" -> subject = json.getText();
          case "f" -> from = addresses();
          case "n" -> sender = addresses();
          case "r" -> replyTo = addresses();
          case "t" -> to = addresses();
          case "c" -> cc = addresses();
          case "b" -> bcc = addresses();
          case "i" -> inReplyTo = json.getText();
          case "m" -> messageId = json.getText();
          default -> json.skipChildren();
        }
      }
      return new Envelope(date, subject, from, sender, replyTo, to, cc, bcc, inReplyTo, messageId);
    }

    private List<Address> addresses() throws IOException {
      List<Address> addresses = new ArrayList<>();
      expect(JsonToken.START_ARRAY);
      while (json.nextToken() == JsonToken.START_ARRAY) {
        String name = nextNullableText();
        addresses.add(
            json.nextToken() == JsonToken.START_ARRAY
                ? new Address.Group(name == null ? "" : name, members())
                : mailbox(name));
      }
      return addresses;
    }

    private List<Address.Mailbox> members() throws IOException {
      List<Address.Mailbox> members = new ArrayList<>();
      while (json.nextToken() == JsonToken.START_ARRAY) {
        String name = nextNullableText();
        json.nextToken();
        members.add(mailbox(name));
      }
      json.nextToken();
      return members;
    }

    /// Reads on from the route to the end of the array.
    private Address.Mailbox mailbox(@Nullable String name) throws IOException {
      String route = nullableText();
      String localPart = nextNullableText();
      String domain = nextNullableText();
      json.nextToken();
      return new Address.Mailbox(name, route, localPart, domain);
    }

    private @Nullable String nextNullableText() throws IOException {
      json.nextToken();
      return nullableText();
    }

    private @Nullable String nullableText() throws IOException {
      return json.currentToken() == JsonToken.VALUE_NULL ? null : json.getText();
    }

    private Part part() throws IOException {
      String type = "text";
      String subtype = "plain";
      List<Part.Parameter> parameters = List.of();
      String id = null;
      String description = null;
      String encoding = "7bit";
      String md5 = null;
      Part.Disposition disposition = null;
      List<String> languages = List.of();
      String location = null;
      long[] offsets = new long[4];
      List<Part> children = List.of();
      Envelope envelope = null;
      Part root = null;
      expect(JsonToken.START_OBJECT);
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "t" -> type = json.getText();
          case "s" -> subtype = json.getText();
          case "a" -> parameters = parameters();
          case "i" -> id = json.getText();
          case "d" -> description = json.getText();
          case "e" -> encoding = json.getText();
          case "m" -> md5 = json.getText();
          case "f" -> disposition = disposition();
          case "l" -> languages = texts();
          case "u" -> location = json.getText();
          case "o" -> offsets = offsets();
          case "c" -> children = children();
          case "y" -> envelope = envelope();
          case "z" -> root = part();
          default -> json.skipChildren();
        }
      }
      return new Part(
          type,
          subtype,
          parameters,
          id,
          description,
          encoding,
          md5,
          disposition,
          languages,
          location,
          offsets[0],
          offsets[1],
          offsets[2],
          offsets[3],
          children,
          envelope == null || root == null ? null : new Part.Embedded(envelope, root));
    }

    private long[] offsets() throws IOException {
      long[] offsets = new long[4];
      expect(JsonToken.START_ARRAY);
      for (int i = 0; json.nextToken() != JsonToken.END_ARRAY; i++) {
        offsets[i] = json.getLongValue();
      }
      return offsets;
    }

    private List<Part> children() throws IOException {
      List<Part> children = new ArrayList<>();
      expect(JsonToken.START_ARRAY);
      while (json.nextToken() == JsonToken.START_OBJECT) {
        children.add(part());
      }
      return children;
    }

    private Part.Disposition disposition() throws IOException {
      expect(JsonToken.START_ARRAY);
      json.nextToken();
      String type = json.getText();
      json.nextToken();
      List<Part.Parameter> parameters = parameters();
      json.nextToken();
      return new Part.Disposition(type, parameters);
    }

    private List<Part.Parameter> parameters() throws IOException {
      List<Part.Parameter> parameters = new ArrayList<>();
      List<String> texts = texts();
      for (int i = 0; i < texts.size(); i += 2) {
        parameters.add(new Part.Parameter(texts.get(i), texts.get(i + 1)));
      }
      return parameters;
    }

    private List<String> texts() throws IOException {
      List<String> texts = new ArrayList<>();
      expect(JsonToken.START_ARRAY);
      while (json.nextToken() != JsonToken.END_ARRAY) {
        expect(JsonToken.VALUE_STRING);
        texts.add(json.getText());
      }
      return texts;
    }
  }
}
