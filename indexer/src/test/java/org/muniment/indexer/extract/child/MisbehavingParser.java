package org.muniment.indexer.extract.child;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.tika.exception.TikaException;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.mime.MediaType;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.Parser;
import org.apache.tika.sax.XHTMLContentHandler;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;

/// Does what a document of [#TYPE] tells it to; for tests.
public final class MisbehavingParser implements Parser {

  public static final String TYPE = "application/x-misbehaving";

  private static final long serialVersionUID = 1;

  private static final String SPAWNED_SECONDS = "86397";

  /// What a document may tell it, after an octet 0, which no text has.
  public static byte[] document(String deed) {
    return ("\0\1\2" + deed).getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public Set<MediaType> getSupportedTypes(ParseContext context) {
    return Set.of(MediaType.parse(TYPE));
  }

  @Override
  public void parse(
      InputStream stream, ContentHandler handler, Metadata metadata, ParseContext context)
      throws IOException, SAXException, TikaException {
    XHTMLContentHandler xhtml = new XHTMLContentHandler(handler, metadata);
    xhtml.startDocument();
    // More than is sent at once, so that some of it is known before the deed.
    xhtml.characters("beforehand " + "filling ".repeat(20_000));
    xhtml.characters("afterwards");
    String deed = new String(stream.readAllBytes(), StandardCharsets.ISO_8859_1).substring(3);
    switch (deed) {
      case "hang" -> hang();
      case "spawn" -> spawn();
      case "nice" -> xhtml.characters("niceness " + niceness() + ".");
      case "exit" -> System.exit(7);
      case "halt" -> Runtime.getRuntime().halt(9);
      case "eat" -> eat();
      case "overflow" -> overflow(1);
      case "print" -> System.out.println("E\0\0\0\2OK".repeat(1_000));
      case "connect" -> new Socket(InetAddress.getLoopbackAddress(), 9).close();
      case "break" -> throw new TikaException("broken on purpose");
      default -> throw new TikaException("no deed: " + deed);
    }
    xhtml.endDocument();
  }

  private static void hang() {
    while (true) {
      Thread.onSpinWait();
    }
  }

  /// Starts a program that does not end by itself, and hangs.
  private static void spawn() throws IOException {
    new ProcessBuilder("/bin/sleep", SPAWNED_SECONDS).start();
    hang();
  }

  /// The programs that were started so and run.
  public static List<ProcessHandle> spawned() {
    return ProcessHandle.allProcesses()
        .filter(p -> p.info().commandLine().orElse("").endsWith("sleep " + SPAWNED_SECONDS))
        .toList();
  }

  /// Of this process: the nineteenth field of proc_pid_stat(5); the second one may have blanks.
  public static String niceness() throws IOException {
    String stat = Files.readString(Path.of("/proc/self/stat"));
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[16];
  }

  private static void eat() {
    List<byte[]> eaten = new ArrayList<>();
    while (eaten.size() < Integer.MAX_VALUE) {
      eaten.add(new byte[1 << 20]);
    }
  }

  @SuppressWarnings("InfiniteRecursion")
  private static int overflow(int depth) {
    return 1 + overflow(depth + 1);
  }
}
