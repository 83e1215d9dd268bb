package org.muniment.archive.verify;

import java.io.Closeable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.CanonicalJson;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.log.Checkpoint;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.archive.store.Disk;
import org.muniment.archive.store.LocalDisk;

/// What an interrupted run has read already, so that the next one need not. Sealed files only: they
/// do not change.
///
/// ```
/// file = head LF *(line LF)                     each line canonical JSON
/// head = {"archive": 32hex, "origin": , "root": 64hex, "size": }
/// line = {"file": , "findings": [], "length": , "sha256"?: 64hex}
/// ```
final class ResumeFile implements Closeable {

  private final Disk disk;
  private final String name;
  private final Map<String, Read> read = new HashMap<>();
  private @Nullable Checkpoint begun;
  private Disk.@Nullable Appender appender;

  private ResumeFile(Disk disk, String name) {
    this.disk = disk;
    this.name = name;
  }

  /// A file that was read.
  ///
  /// @param sha256 of a segment, null for a journal
  record Read(long length, @Nullable ContentId sha256, List<Report.Finding> findings) {

    /// The messages that are not as they should be.
    Set<ContentId> damaged() {
      Set<ContentId> messages = new HashSet<>();
      for (Report.Finding finding : findings) {
        if (finding.message() != null) {
          messages.add(finding.message());
        }
      }
      return messages;
    }
  }

  /// Reads what is there, if anything.
  ///
  /// @param archive identity of the archive
  static ResumeFile open(Path path, String archive) throws ArchiveException {
    Path file = path.toAbsolutePath();
    ResumeFile resume =
        new ResumeFile(new LocalDisk(file.resolveSibling("")), String.valueOf(file.getFileName()));
    try {
      byte[] octets = resume.disk.read(resume.name);
      if (octets != null) {
        resume.readLines(new String(octets, StandardCharsets.UTF_8), archive);
      }
    } catch (CorruptArchiveException e) {
      // Too large for what it should be: all is read anew.
    }
    return resume;
  }

  /// Up to the first line that is not whole.
  private void readLines(String text, String archive) {
    String[] lines = text.split("\n", -1);
    try {
      for (int i = 0; i < lines.length - 1; i++) {
        Map<String, Object> line = CanonicalJson.read(lines[i].getBytes(StandardCharsets.UTF_8));
        if (i == 0 ? !isHead(line, archive) : !isRead(line)) {
          return;
        }
      }
    } catch (IllegalArgumentException e) {
      // What cannot be read here is read anew from the archive.
    }
  }

  private boolean isHead(Map<String, Object> line, String archive) {
    if (archive.equals(line.get("archive"))
        && line.get("origin") instanceof String origin
        && line.get("size") instanceof Long size
        && line.get("root") instanceof String root) {
      begun = new Checkpoint(origin, size, root);
      return true;
    }
    return false;
  }

  private boolean isRead(Map<String, Object> line) {
    if (line.get("file") instanceof String file
        && line.get("length") instanceof Long length
        && line.get("findings") instanceof List<?> found) {
      List<Report.Finding> findings = new ArrayList<>();
      for (Object finding : found) {
        if (!(finding instanceof Map<?, ?> fields)) {
          return false;
        }
        findings.add(Report.Finding.of(fields));
      }
      ContentId sha256 = line.get("sha256") instanceof String hash ? ContentId.parse(hash) : null;
      read.put(file, new Read(length, sha256, findings));
      return true;
    }
    return false;
  }

  /// The checkpoint with which the interrupted run began, null when there was none.
  @Nullable Checkpoint begun() {
    return begun;
  }

  /// Does not trust what is there.
  void forget() {
    read.clear();
    begun = null;
  }

  /// What was read of a file, null when it was not or has another length now.
  @Nullable Read read(String file, long length) {
    Read known = read.get(file);
    return known != null && known.length == length ? known : null;
  }

  /// Begins the file anew, with what is known.
  void begin(String archive, Checkpoint checkpoint) throws ArchiveException {
    disk.delete(name);
    Disk.Appender to = disk.create(name);
    appender = to;
    Checkpoint first = begun == null ? checkpoint : begun;
    write(
        Map.of(
            "archive", archive,
            "origin", first.origin(),
            "root", first.root(),
            "size", first.size()));
    for (Map.Entry<String, Read> known : read.entrySet()) {
      write(known.getKey(), known.getValue());
    }
  }

  /// A file was read to its end.
  synchronized void add(String file, Read done) throws ArchiveException {
    write(file, done);
  }

  private void write(String file, Read done) throws ArchiveException {
    Map<String, Object> line = new HashMap<>();
    line.put("file", file);
    line.put("findings", done.findings.stream().map(Report.Finding::fields).toList());
    line.put("length", done.length);
    if (done.sha256 != null) {
      line.put("sha256", done.sha256.toString());
    }
    write(line);
  }

  private void write(Map<String, Object> line) throws ArchiveException {
    byte[] json = CanonicalJson.write(line);
    byte[] octets = Arrays.copyOf(json, json.length + 1);
    octets[json.length] = '\n';
    Disk.Appender to = appender;
    if (to != null) {
      to.write(octets, 0, octets.length);
    }
  }

  /// The run came to its end.
  void remove() throws ArchiveException {
    close();
    disk.delete(name);
  }

  @Override
  public void close() throws ArchiveException {
    if (appender != null) {
      appender.close();
      appender = null;
    }
  }
}
