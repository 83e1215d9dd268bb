package org.muniment.server.capture.imap;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidValidity;

/// Where a target says that it put messages (RFC 4315 section 3).
///
/// @param uids in the order of the command
record AppendUid(UidValidity uidValidity, List<Uid> uids) {

  private static final String CODE = "[APPENDUID ";
  private static final int MAX_DIGITS = 10;

  AppendUid {
    uids = List.copyOf(uids);
  }

  /// Reads the words behind `OK`.
  ///
  /// ```
  /// "[APPENDUID" SP uidvalidity SP uid-set "]"
  /// uid-set = (uniqueid / uid-range) *("," uid-set)
  /// uid-range = uniqueid ":" uniqueid
  /// ```
  ///
  /// @param count how many messages the command had
  /// @return null for anything else, also for another number of UIDs
  static @Nullable AppendUid read(String words, int count) {
    int end = words.indexOf(']');
    if (end < 0 || !words.regionMatches(true, 0, CODE, 0, CODE.length())) {
      return null;
    }
    String[] said = words.substring(CODE.length(), end).split(" ", -1);
    long uidValidity = number(said[0]);
    if (said.length != 2 || uidValidity == 0) {
      return null;
    }
    List<Uid> uids = uids(said[1], count);
    return uids.size() == count ? new AppendUid(new UidValidity(uidValidity), uids) : null;
  }

  private static List<Uid> uids(String set, int count) {
    List<Uid> uids = new ArrayList<>();
    for (String range : set.split(",", -1)) {
      int colon = range.indexOf(':');
      long first = number(colon < 0 ? range : range.substring(0, colon));
      long last = colon < 0 ? first : number(range.substring(colon + 1));
      if (first == 0 || last < first || last - first >= count - uids.size()) {
        return List.of();
      }
      for (long uid = first; uid <= last; uid++) {
        uids.add(new Uid(uid));
      }
    }
    return uids;
  }

  /// 0 for what is no number from 1 to 2^32 - 1.
  private static long number(String text) {
    boolean digits =
        !text.isEmpty()
            && text.length() <= MAX_DIGITS
            && text.chars().allMatch(c -> c >= '0' && c <= '9');
    long value = digits ? Long.parseLong(text) : 0;
    return value <= Uid.MAX ? value : 0;
  }
}
