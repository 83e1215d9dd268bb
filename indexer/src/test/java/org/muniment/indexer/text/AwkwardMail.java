package org.muniment.indexer.text;

import java.util.Base64;
import java.util.List;
import org.muniment.indexer.mail.Mails;

/// One mail of each awkward kind, to be garbled and as seeds of a fuzzer.
final class AwkwardMail {

  private static final String INNER =
      """
      Subject: =?iso-2022-jp?B?GyRCMnE1RCROJCpDTiRpJDsbKEI=?=
      Content-Type: text/html; charset=utf-8

      <title>t</title><p style="font-size:0">no<b style='font-size:9px'>yes</b><!-- x --><img alt=a>
      """;

  private AwkwardMail() {}

  static List<byte[]> all() {
    byte[] file = Mails.lf("a file of some octets, more than one line of uuencode has");
    return List.of(
        Mails.crlf(
            """
            From: =?utf-8?Q?J=C3=B6?= <jo@example.com>, group: a@b, "c d" <c@d>;, broken <x
            To: undisclosed-recipients:;
            Subject: =?utf-8?B?w7w?= =?utf-8?q?=C3?= =?utf-8?q?=BC?= gr\u00FC\u00DFe
            Date: So, 22 M\u00E4rz 26 7:00 PM (comment (nested)) MEZ
            References: <a@b> <c@d>
            Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes

            a soft\s
            line
            > quoted\s
            > more
            -- \s
            sign
            """),
        Mails.crlf(
            """
            Content-Type: text/plain; name*0*=utf-8''%C3; name*1=x.txt
            Content-Transfer-Encoding: quoted-printable

            M=C3=BCn=
            chen=20
            =
            """),
        Mails.lf(
            "Subject: files\n\nbefore\n"
                + Uuencode.encode("a.txt", file)
                + Uuencode.yenc("b.txt", file, Uuencode.checksum(file))
                + "after\n"),
        Mails.crlf(
            "Content-Type: multipart/mixed; boundary=\"b\"\n\n--b\nContent-Type: message/rfc822\n"
                + "Content-Transfer-Encoding: base64\n\n"
                + Base64.getMimeEncoder().encodeToString(Mails.crlf(INNER))
                + "\n--b\nContent-Type: message/rfc822\n\n"
                + INNER
                + "\n--b--\n"),
        Mails.crlf(
            """
            X-Failed-Recipients: a@b
            Content-Type: multipart/report; boundary=r

            --r
            Content-Type: multipart/alternative; boundary=a

            --a

            same
            --a
            Content-Type: text/enriched

            <bold>same</bold><param>x</param>
            --a--
            --r
            Content-Type: message/delivery-status

            Original-Recipient: rfc822; a@b
            --r--
            """),
        Mails.crlf(
            """
            Content-Type: text/calendar; charset=utf-7

            BEGIN:VCALENDAR
            SUMMARY;X="a:b":gr+APwA3w-
             e\\n
            ATTENDEE;CN="A, B":mailto:a@b
            N;ENCODING=QUOTED-PRINTABLE:=C3=
            =BC
            END:VCALENDAR
            """),
        Mails.crlf(
            """
            Content-Type: multipart/encrypted; boundary=e

            --e
            Content-Type: application/pgp-encrypted

            Version: 1
            --e

            -----BEGIN PGP SIGNED MESSAGE-----
            Hash: SHA1

            - -- text
            -----BEGIN PGP SIGNATURE-----
            -----END PGP SIGNATURE-----
            -----BEGIN PGP MESSAGE-----
            -----END PGP MESSAGE-----
            --e--
            """),
        Mails.lf(
            """
            Subject: \u00F3\u00DE\u00A3\u00D4 \u001B$B2q5D
            Content-Type: text/html; charset=us-ascii

            <meta charset=gb2312><p>\u00D6\u00D0\u00CE\u00C4</p><div hidden>no&#0;&amp;
            """));
  }
}
