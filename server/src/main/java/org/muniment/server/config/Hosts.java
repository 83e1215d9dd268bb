package org.muniment.server.config;

import java.net.InetAddress;

/// What can be said of a host without asking anybody.
final class Hosts {

  private Hosts() {}

  /// Whether it is this machine: `localhost`, 127.0.0.0/8 or ::1.
  static boolean isLoopback(String host) {
    if (host.equalsIgnoreCase("localhost")) {
      return true;
    }
    try {
      return InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException notAnAddress) {
      return false;
    }
  }
}
