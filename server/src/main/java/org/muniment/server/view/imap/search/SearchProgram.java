package org.muniment.server.view.imap.search;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.SyntaxException;

/// What to search for.
///
/// @param charset whether the client has named a charset
public record SearchProgram(SearchKey key, boolean charset) {

  // ABNF: search-program = ["CHARSET" SP charset SP] search-key *(SP search-key)
  /// Reads a program of SEARCH to the end of the line; empty when the charset is not known, or a
  /// text is not in it; then the rest is unread.
  public static Optional<SearchProgram> read(ImapReader in) throws IOException, SyntaxException {
    boolean charset = in.skipWord("CHARSET");
    if (charset) {
      in.sp();
      return withCharset(in);
    }
    return keys(false, in);
  }

  private static Optional<SearchProgram> keys(boolean charset, ImapReader in)
      throws IOException, SyntaxException {
    SearchKeyReader reader = new SearchKeyReader(in);
    SearchProgram program = new SearchProgram(reader.program(), charset);
    return reader.isMalformed() ? Optional.empty() : Optional.of(program);
  }

  // ABNF: search-criteria = charset 1*(SP search-key)
  /// Reads one of SORT and THREAD, in which the charset comes first (RFC 5256 section 5).
  public static Optional<SearchProgram> withCharset(ImapReader in)
      throws IOException, SyntaxException {
    String charset = in.astring().toUpperCase(Locale.ROOT);
    in.sp();
    return charset.equals("UTF-8") || charset.equals("US-ASCII")
        ? keys(true, in)
        : Optional.empty();
  }
}
