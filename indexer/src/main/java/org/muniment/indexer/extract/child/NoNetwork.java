package org.muniment.indexer.extract.child;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A Java process without a network: sockets and addresses of the web are refused. Against what a
/// document asks for, not against code.
final class NoNetwork {

  private static final Set<String> REMOTE = Set.of("http", "https", "ftp", "mailto");

  private NoNetwork() {}

  /// From now on, for good.
  @SuppressWarnings("deprecation") // There is no other way to refuse a socket in Java.
  static void enter() throws IOException {
    URL.setURLStreamHandlerFactory(protocol -> REMOTE.contains(protocol) ? new Refusing() : null);
    Socket.setSocketImplFactory(
        () -> {
          throw new UnsupportedOperationException("there is no network here");
        });
    ServerSocket.setSocketFactory(
        () -> {
          throw new UnsupportedOperationException("there is no network here");
        });
    System.setProperty("java.nio.channels.spi.SelectorProvider", NoChannels.class.getName());
  }

  private static final class Refusing extends URLStreamHandler {
    @Override
    protected URLConnection openConnection(URL url) throws IOException {
      throw new IOException("there is no network here: " + url);
    }

    /// Two addresses are the same when they are written the same: nobody is asked.
    @Override
    protected @Nullable InetAddress getHostAddress(URL url) {
      return null;
    }
  }
}
