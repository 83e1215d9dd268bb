package org.muniment.archive.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.muniment.archive.store.ArchiveException;

class TileTreeTest {

  /// The leaves and roots that implementations of Certificate Transparency (RFC 6962) test
  /// themselves with.
  @ParameterizedTest
  @CsvSource({
    "0, e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "1, 6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "2, fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "3, aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "7, ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "8, 5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
  })
  void rootsAreThoseOfCertificateTransparency(int size, String root) {
    List<String> leaves =
        List.of(
            "",
            "00",
            "10",
            "2021",
            "3031",
            "40414243",
            "5051525354555657",
            "606162636465666768696a6b6c6d6e6f");
    TreeEdge edge = new TreeEdge();
    for (String leaf : leaves.subList(0, size)) {
      edge.append(TreeHash.leaf(HexFormat.of().parseHex(leaf)), (level, hashes) -> {});
    }
    assertThat(edge.root()).asHexString().isEqualToIgnoringCase(root);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 66_000})
  void rootIsTheRecursiveDefinition(int size) throws ArchiveException {
    TileTree tree = new TileTree();
    List<byte[]> hashes = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      tree.append(leaf(i), (tile, octets) -> {});
      hashes.add(TreeHash.leaf(leaf(i)));
    }
    assertThat(tree.root()).isEqualTo(definition(hashes));
  }

  @Test
  void tilesHoldTheHashesOfTheirLevel() throws ArchiveException {
    TileTree tree = new TileTree();
    Map<String, byte[]> tiles = new HashMap<>();
    for (int i = 0; i < 70_000; i++) {
      tree.append(leaf(i), (tile, octets) -> tiles.put(tile.name(), octets));
    }
    tree.partial((tile, octets) -> tiles.put(tile.name(), octets));
    assertThat(tiles.keySet())
        .contains(
            "tile/0/000",
            "tile/0/272",
            "tile/0/273.p/112",
            "tile/1/000",
            "tile/1/001.p/17",
            "tile/2/000.p/1",
            "tile/entries/272",
            "tile/entries/273.p/112");
    assertThat(tiles.get("tile/0/000")).startsWith(TreeHash.leaf(leaf(0))).hasSize(256 * 32);
    assertThat(tiles.get("tile/entries/273.p/112")).startsWith(0, 5, '6', '9', '8', '8', '8');
  }

  @Test
  void numbersOfTilesAreGroupedByThree() {
    assertThat(TilePath.hashes(0, 5, 256).name()).isEqualTo("tile/0/005");
    assertThat(TilePath.hashes(3, 1234067, 256).name()).isEqualTo("tile/3/x001/x234/067");
    assertThat(TilePath.entries(1234067, 8).name()).isEqualTo("tile/entries/x001/x234/067.p/8");
  }

  private static byte[] leaf(int number) {
    return Integer.toString(number).getBytes(UTF_8);
  }

  /// RFC 6962 section 2.1, word for word.
  private static byte[] definition(List<byte[]> hashes) {
    if (hashes.size() == 1) {
      return hashes.getFirst();
    }
    int k = 1;
    while (k * 2 < hashes.size()) {
      k *= 2;
    }
    return TreeHash.node(
        definition(hashes.subList(0, k)), definition(hashes.subList(k, hashes.size())));
  }
}
