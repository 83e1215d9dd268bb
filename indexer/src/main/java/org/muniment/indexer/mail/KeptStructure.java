package org.muniment.indexer.mail;

import org.jspecify.annotations.Nullable;

/// What a message is made of, as it is kept: read when somebody asks for it, and not twice. Who
/// asks for its parts alone does not wait for its envelope. Safe for use by many threads.
public final class KeptStructure {

  private final byte[] json;
  private volatile @Nullable Structure whole;
  private volatile @Nullable Part root;

  /// @param json what [StructureJson#write] made; not to be changed afterwards
  public KeptStructure(byte[] json) {
    this.json = json;
  }

  /// All of it.
  ///
  /// @throws IllegalArgumentException as [StructureJson#read]
  public Structure whole() {
    Structure known = whole;
    if (known == null) {
      known = StructureJson.read(json);
      whole = known;
    }
    return known;
  }

  /// Its root part.
  ///
  /// @throws IllegalArgumentException as [StructureJson#readRoot]
  public Part root() {
    Structure known = whole;
    if (known != null) {
      return known.root();
    }
    Part part = root;
    if (part == null) {
      part = StructureJson.readRoot(json);
      root = part;
    }
    return part;
  }

  /// Octets that keep it.
  public int octets() {
    return json.length;
  }
}
