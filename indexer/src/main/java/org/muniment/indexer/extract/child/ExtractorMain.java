package org.muniment.indexer.extract.child;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.SynchronousQueue;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.extract.Frame;

/// Reads documents that standard input names, and says to standard output what is in them, until
/// the input ends; see [Frame]. The input ends with the process that started this one, also in the
/// middle of a document.
public final class ExtractorMain {

  private ExtractorMain() {}

  /// @param arguments `ocr` to look for text in pictures
  public static void main(String[] arguments) throws IOException, InterruptedException {
    InputStream in = System.in;
    System.setIn(InputStream.nullInputStream());
    DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)));
    // Whatever a parser prints is no frame.
    System.setOut(System.err);
    NoNetwork.enter();
    SynchronousQueue<Frame> requests = new SynchronousQueue<>();
    Thread.ofPlatform().daemon().start(() -> receive(new DataInputStream(in), requests));
    DocumentReader reader = new DocumentReader(List.of(arguments).contains("ocr"));
    new Frame(Frame.Kind.READY, "").write(out);
    while (true) {
      String[] request = requests.take().lines(3);
      reader.read(Path.of(request[0]), request[1], request[2], out);
    }
  }

  private static void receive(DataInputStream in, SynchronousQueue<Frame> requests) {
    try {
      @Nullable Frame frame;
      while ((frame = Frame.read(in)) != null) {
        requests.put(frame);
      }
    } catch (IOException | InterruptedException e) {
      System.err.println("no more requests: " + e.getMessage());
    }
    Runtime.getRuntime().halt(0);
  }
}
