package org.muniment.archive.bench;

import java.util.Base64;
import java.util.random.RandomGenerator;

/// Hypertext as mail programs make it of text, and as senders of newsletters do.
final class Html {

  private Html() {}

  /// @param text one paragraph per line
  static String of(String text, RandomGenerator random) {
    return random.nextInt(10) < 4 ? styled(text, random) : bare(text);
  }

  private static String styled(String text, RandomGenerator random) {
    StringBuilder html = new StringBuilder(text.length() * 2 + 2_000);
    html.append("<html><head>\n<meta http-equiv=\"Content-Type\" content=\"text/html\">\n");
    html.append(styles(random.nextInt(40)));
    html.append("</head>\n<body lang=\"en\" link=\"#0b57a4\">\n<div class=\"Section1\">\n");
    for (String line : text.split("\n", -1)) {
      html.append("<p class=\"Standard\">").append(line.isEmpty() ? "&nbsp;" : escape(line));
      html.append("</p>\n");
    }
    return html.append("</div>\n</body></html>\n").toString();
  }

  private static String styles(int number) {
    return """
        <style type="text/css"><!--
        @font-face { font-family: Carlito; panose-1: 2 15 5 2 2 2 4 3 2 4; }
        p.Standard, li.Standard, div.Standard { margin: 0cm; font-size: 11.0pt; font-family: "Carlito", sans-serif; }
        a:link, span.Link { color: #0b57a4; text-decoration: underline; }
        a:visited, span.LinkSeen { color: #7a4a8c; text-decoration: underline; }
        p.Quoted, div.Quoted { margin-left: 12pt; border-left: 1.5pt solid #999; padding-left: 6pt; }
        span.Style%d { font-family: "Carlito", sans-serif; color: #1f2d3d; }
        .Default { font-size: 10.0pt; }
        @page Section1 { size: 595.3pt 841.9pt; margin: 70.9pt 70.9pt 56.7pt 70.9pt; }
        div.Section1 { page: Section1; }
        --></style>
        """
        .formatted(number);
  }

  private static String bare(String text) {
    return "<div dir=\"ltr\">" + escape(text).replace("\n", "<br>\n") + "</div>\n";
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /// A newsletter: a table of articles, each with links that tell who followed them.
  static String newsletter(Words words, String host, RandomGenerator random) {
    StringBuilder html = new StringBuilder(40_000);
    html.append("<html><head><title>").append(words.title(random, 4));
    html.append("</title></head><body style=\"margin:0;background-color:#f4f4f4\">\n<table>\n");
    int articles = 4 + random.nextInt(24);
    for (int i = 0; i < articles; i++) {
      html.append(article(words, host, random));
    }
    return html.append("</table>\n</body></html>\n").toString();
  }

  private static String article(Words words, String host, RandomGenerator random) {
    return """
    <tr><td style="padding:%dpx 24px;font-family:Arial,Helvetica,sans-serif;color:#333333">
    <a href="https://%s/c/%s"><img src="https://%s/i/%s.png" width="%d" alt="%s"></a>
    <h2 style="font-size:18px;line-height:24px">%s</h2>
    <p style="font-size:14px;line-height:20px">%s</p>
    </td></tr>
    """
        .formatted(
            4 * random.nextInt(6),
            host,
            token(random, 60),
            host,
            token(random, 15),
            20 * random.nextInt(30),
            words.title(random, 2),
            words.title(random, 5),
            escape(words.text(random, 100 + random.nextInt(500)).strip()));
  }

  static String token(RandomGenerator random, int octets) {
    byte[] noise = new byte[octets];
    random.nextBytes(noise);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(noise);
  }
}
