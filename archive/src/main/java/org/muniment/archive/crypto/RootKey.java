package org.muniment.archive.crypto;

import java.security.GeneralSecurityException;

/// What wraps the keys of an archive's files (RFC 3394), so that whoever has it can open them all.
/// It may lie in memory, or in a device that it never leaves. Safe for use by many threads.
public interface RootKey {

  /// Tells this key from others and gives nothing of it away: 16 digits of 0-9 a-f.
  String id();

  /// @param key 32 octets
  /// @return 40 octets, always the same for the same key
  byte[] wrap(byte[] key);

  /// @param wrapped what [#wrap] gave
  /// @return 32 octets
  /// @throws GeneralSecurityException when it is anything else, or another key has wrapped it
  byte[] unwrap(byte[] wrapped) throws GeneralSecurityException;
}
