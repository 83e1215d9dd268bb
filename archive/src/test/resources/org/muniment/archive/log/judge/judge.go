// Judges a log with golang.org/x/mod/sumdb, which shares no line with the writer of the log.
//
// usage: judge FOLDER VERIFIER-KEY
//
// Opens the checkpoint, reads all entries, computes the root hash from them and, a second time,
// from the hash tiles, and proves the inclusion of some entries from the tiles.
package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8
const full = 1 << height

func main() {
	if err := judge(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "judge:", err)
		os.Exit(1)
	}
}

func judge(folder, key string) error {
	checkpoint, err := open(folder, key)
	if err != nil {
		return err
	}
	entries, err := readEntries(folder, checkpoint.size)
	if err != nil {
		return err
	}
	if err := checkEntries(entries, checkpoint); err != nil {
		return err
	}
	tiles := tlog.TileHashReader(
		tlog.Tree{N: checkpoint.size, Hash: checkpoint.root}, &tileFolder{folder, checkpoint.size})
	root, err := tlog.TreeHash(checkpoint.size, tiles)
	if err != nil {
		return err
	}
	if root != checkpoint.root {
		return fmt.Errorf("the tiles hash to %v, the checkpoint says %v", root, checkpoint.root)
	}
	proved := 0
	for _, n := range samples(checkpoint.size) {
		proof, err := tlog.ProveRecord(checkpoint.size, n, tiles)
		if err != nil {
			return err
		}
		leaf := tlog.RecordHash(entries[n])
		if err := tlog.CheckRecord(proof, checkpoint.size, checkpoint.root, n, leaf); err != nil {
			return fmt.Errorf("entry %d: %v", n, err)
		}
		stranger := tlog.RecordHash(append([]byte("x"), entries[n]...))
		if tlog.CheckRecord(proof, checkpoint.size, checkpoint.root, n, stranger) == nil {
			return fmt.Errorf("entry %d: the proof also holds for another entry", n)
		}
		proved++
	}
	fmt.Printf("%d entries, %d proved\n", len(entries), proved)
	return nil
}

type state struct {
	size int64
	root tlog.Hash
}

// open reads the checkpoint: origin, size, root hash, each on a line.
func open(folder, key string) (state, error) {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return state{}, err
	}
	signed, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	if err != nil {
		return state{}, err
	}
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return state{}, err
	}
	lines := bytes.Split([]byte(opened.Text), []byte("\n"))
	if len(lines) != 4 || string(lines[0]) != verifier.Name() {
		return state{}, fmt.Errorf("no checkpoint of %s: %q", verifier.Name(), opened.Text)
	}
	var size int64
	if _, err := fmt.Sscanf(string(lines[1]), "%d", &size); err != nil {
		return state{}, err
	}
	root, err := tlog.ParseHash(string(lines[2]))
	return state{size, root}, err
}

func readEntries(folder string, size int64) ([][]byte, error) {
	var entries [][]byte
	for n := int64(0); n*full < size; n++ {
		width := min(full, size-n*full)
		name := tileName("entries", n, int(width))
		bundle, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			return nil, err
		}
		for len(bundle) >= 2 {
			length := int(binary.BigEndian.Uint16(bundle))
			if len(bundle) < 2+length {
				return nil, fmt.Errorf("%s ends within an entry", name)
			}
			entries = append(entries, bundle[2:2+length])
			bundle = bundle[2+length:]
		}
		if len(bundle) != 0 || int64(len(entries)) != n*full+width {
			return nil, fmt.Errorf("%s does not hold %d entries", name, width)
		}
	}
	return entries, nil
}

// checkEntries grows the tree from the entries alone.
func checkEntries(entries [][]byte, checkpoint state) error {
	var hashes []tlog.Hash
	stored := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var found []tlog.Hash
		for _, index := range indexes {
			found = append(found, hashes[index])
		}
		return found, nil
	})
	for n, entry := range entries {
		more, err := tlog.StoredHashes(int64(n), entry, stored)
		if err != nil {
			return err
		}
		hashes = append(hashes, more...)
	}
	root, err := tlog.TreeHash(int64(len(entries)), stored)
	if err != nil {
		return err
	}
	if root != checkpoint.root {
		return fmt.Errorf("the entries hash to %v, the checkpoint says %v", root, checkpoint.root)
	}
	return nil
}

func samples(size int64) []int64 {
	chosen := []int64{}
	for _, n := range []int64{0, 1, 254, 255, 256, 257, 65535, 65536, size / 2, size - 2, size - 1} {
		if n >= 0 && n < size {
			chosen = append(chosen, n)
		}
	}
	return chosen
}

// tileFolder gives the hash tiles under the names that C2SP tlog-tiles gives them.
type tileFolder struct {
	folder string
	size   int64
}

func (t *tileFolder) Height() int { return height }

func (t *tileFolder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range tiles {
		// The log keeps the widest tile of a tree; a narrower one is its beginning.
		nodes := t.size >> (height * uint(tile.L))
		width := min(full, nodes-tile.N*full)
		octets, err := os.ReadFile(filepath.Join(
			t.folder, tileName(fmt.Sprint(tile.L), tile.N, int(width))))
		if err != nil {
			return nil, err
		}
		if int64(len(octets)) != width*tlog.HashSize {
			return nil, fmt.Errorf("tile %v has %d octets", tile, len(octets))
		}
		found = append(found, octets[:tile.W*tlog.HashSize])
	}
	return found, nil
}

func (t *tileFolder) SaveTiles(tiles []tlog.Tile, data [][]byte) {}

func tileName(level string, n int64, width int) string {
	number := fmt.Sprintf("%03d", n%1000)
	for n >= 1000 {
		n /= 1000
		number = fmt.Sprintf("x%03d/%s", n%1000, number)
	}
	if width < full {
		return fmt.Sprintf("tile/%s/%s.p/%d", level, number, width)
	}
	return fmt.Sprintf("tile/%s/%s", level, number)
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}
