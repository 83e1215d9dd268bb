package org.muniment.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlSocketIT {

  private static final JsonNode REQUEST = TextNode.valueOf("capture \u4e2d\u6587\n");

  @TempDir private Path folder;

  @Test
  void aCommandIsAnsweredWithProgressAndResult() throws Exception {
    List<JsonNode> progress = new ArrayList<>();
    try (ControlSocket _ =
        ControlSocket.listen(
            socket(),
            (request, tell) -> {
              tell.accept(TextNode.valueOf("half"));
              tell.accept(TextNode.valueOf("all"));
              return request;
            })) {
      assertThat(ControlSocket.ask(socket(), REQUEST, progress::add)).contains(REQUEST);
    }
    assertThat(progress).containsExactly(TextNode.valueOf("half"), TextNode.valueOf("all"));
  }

  @Test
  void anErrorComesInTheWordsOfTheServer() throws Exception {
    try (ControlSocket _ =
        ControlSocket.listen(
            socket(),
            (request, tell) -> {
              throw new IOException("the disk is full");
            })) {
      assertThatThrownBy(() -> ControlSocket.ask(socket(), REQUEST, progress -> {}))
          .isInstanceOf(ControlSocket.RefusedException.class)
          .hasMessage("the disk is full");
    }
  }

  @Test
  void withoutAServerThereIsNoAnswer() throws Exception {
    assertThat(ControlSocket.ask(socket(), REQUEST, progress -> {})).isEmpty();
  }

  @Test
  void whatACrashLeftIsNoServerAndIsReplaced() throws Exception {
    try (var crashed = java.nio.channels.ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      crashed.bind(UnixDomainSocketAddress.of(socket()));
    }
    assertThat(socket()).exists();
    assertThat(ControlSocket.ask(socket(), REQUEST, progress -> {})).isEmpty();

    try (ControlSocket _ = ControlSocket.listen(socket(), (request, tell) -> request)) {
      assertThat(ControlSocket.ask(socket(), REQUEST, progress -> {})).contains(REQUEST);
    }
    assertThat(socket()).doesNotExist();
  }

  @Test
  void onlyTheOwnerMayOpenIt() throws Exception {
    try (ControlSocket _ = ControlSocket.listen(socket(), (request, tell) -> request)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void theWorkGoesOnWhenTheCommandHangsUp() throws Exception {
    CountDownLatch hungUp = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    try (ControlSocket _ =
        ControlSocket.listen(
            socket(),
            (request, tell) -> {
              hungUp.await();
              for (int i = 0; i < 1_000; i++) {
                tell.accept(TextNode.valueOf("step " + i));
              }
              done.countDown();
              return JsonNodeFactory.instance.nullNode();
            })) {
      try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
        channel.write(ByteBuffer.wrap("{}\n".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
      }
      hungUp.countDown();

      assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void whatIsNoRequestHarmsNobody() throws Exception {
    try (ControlSocket _ = ControlSocket.listen(socket(), (request, tell) -> request)) {
      for (String text : List.of("", "{", "not json\n", "x".repeat(2_000_000))) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
          channel.write(ByteBuffer.wrap(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        } catch (IOException refused) {
          assertThat(text).hasSizeGreaterThan(1_000_000);
        }
      }
      assertThat(ControlSocket.ask(socket(), REQUEST, progress -> {})).contains(REQUEST);
    }
  }

  @Test
  void anAcceptThatFailsIsNotTheEnd() throws Exception {
    ServerSocketChannel bound = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    bound.bind(UnixDomainSocketAddress.of(socket()));
    try (ControlSocket _ =
        ControlSocket.serve(socket(), new FailingOnce(bound), (request, tell) -> request)) {
      assertThat(ControlSocket.ask(socket(), REQUEST, progress -> {})).contains(REQUEST);
    }
  }

  /// A listener that cannot let the first client in, as one whose process has too many files open.
  private static final class FailingOnce extends ServerSocketChannel {
    private final ServerSocketChannel real;
    private final AtomicBoolean failed = new AtomicBoolean();

    FailingOnce(ServerSocketChannel real) {
      super(real.provider());
      this.real = real;
    }

    @Override
    public SocketChannel accept() throws IOException {
      if (failed.compareAndSet(false, true)) {
        throw new IOException("Too many open files");
      }
      return real.accept();
    }

    @Override
    public ServerSocketChannel bind(SocketAddress local, int backlog) throws IOException {
      return real.bind(local, backlog);
    }

    @Override
    public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
      return real.setOption(name, value);
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
      return real.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
      return real.supportedOptions();
    }

    @Override
    public ServerSocket socket() {
      return real.socket();
    }

    @Override
    public SocketAddress getLocalAddress() throws IOException {
      return real.getLocalAddress();
    }

    @Override
    protected void implCloseSelectableChannel() throws IOException {
      real.close();
    }

    @Override
    protected void implConfigureBlocking(boolean block) throws IOException {
      real.configureBlocking(block);
    }
  }

  private Path socket() {
    return folder.resolve("control.sock");
  }
}
