package org.muniment.server.capture.imap;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.muniment.server.capture.net.DeadlineSocket;
import org.muniment.server.trust.TlsLayer;

/// A socket that speaks TLS from the first octet, over one on which reading has a deadline.
final class TlsSocket extends Socket {

  private final DeadlineSocket below;
  private final TlsLayer layer;
  private final String host;
  private @Nullable SSLSocket above;

  /// @param host the name that the certificate has to be for
  TlsSocket(DeadlineSocket below, TlsLayer layer, String host) {
    this.below = below;
    this.layer = layer;
    this.host = host;
  }

  @Override
  public void connect(SocketAddress address, int milliseconds) throws IOException {
    below.connect(address, milliseconds);
  }

  /// Shakes hands when it is called for the first time.
  @Override
  public InputStream getInputStream() throws IOException {
    return above().getInputStream();
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    return above().getOutputStream();
  }

  private SSLSocket above() throws IOException {
    if (above == null) {
      SSLSocket socket = layer.createSocket(below, host, below.getPort(), true);
      socket.startHandshake();
      above = socket;
    }
    return above;
  }

  @Override
  public void setSoTimeout(int milliseconds) throws SocketException {
    below.setSoTimeout(milliseconds);
  }

  @Override
  public InetAddress getInetAddress() {
    return below.getInetAddress();
  }

  @Override
  public void close() throws IOException {
    if (above == null) {
      below.close();
    } else {
      above.close();
    }
  }
}
