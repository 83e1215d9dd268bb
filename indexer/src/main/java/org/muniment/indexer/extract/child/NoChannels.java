package org.muniment.indexer.extract.child;

import java.net.ProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;

/// No channel to the network.
public final class NoChannels extends SelectorProvider {

  /// For Java, which makes it by its name.
  public NoChannels() {}

  private static UnsupportedOperationException refused() {
    return new UnsupportedOperationException("there is no network here");
  }

  @Override
  public DatagramChannel openDatagramChannel() {
    throw refused();
  }

  @Override
  public DatagramChannel openDatagramChannel(ProtocolFamily family) {
    throw refused();
  }

  @Override
  public Pipe openPipe() {
    throw refused();
  }

  @Override
  public AbstractSelector openSelector() {
    throw refused();
  }

  @Override
  public ServerSocketChannel openServerSocketChannel() {
    throw refused();
  }

  @Override
  public SocketChannel openSocketChannel() {
    throw refused();
  }
}
