package org.muniment.archive.bench;

import java.util.random.RandomGenerator;

/// The header fields that servers put above a message on its way to somebody.
final class Trace {

  private Trace() {}

  static String of(Letter letter, Person to, RandomGenerator random) {
    String from = letter.author().domain();
    StringBuilder trace = new StringBuilder(3_000);
    trace.append(
        "Return-Path: <%s>\nDelivered-To: %s\n".formatted(letter.author().address(), to.address()));
    int hops = 2 + random.nextInt(3);
    for (int hop = hops; hop > 0; hop--) {
      trace.append(
          """
          Received: from mx%d.%s (mx%d.%s [192.0.2.%d])
          \t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)
          \t key-exchange X25519 server-signature RSA-PSS (2048 bits))
          \tby in%d.%s (Postfix) with ESMTPS id %010X
          \tfor <%s>; %s
          """
              .formatted(
                  hop,
                  from,
                  hop,
                  from,
                  random.nextInt(256),
                  hop,
                  to.domain(),
                  random.nextLong() >>> 24,
                  to.address(),
                  Mime.date(letter.date().plusSeconds(2L * (hops - hop)))));
    }
    trace.append(
        """
        Authentication-Results: in.%s;
        \tdkim=pass (2048-bit key) header.d=%s header.i=@%s header.b=%s;
        \tspf=pass smtp.mailfrom=%s; dmarc=pass
        X-Spam-Status: No, score=%.1f required=5.0
        DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=%s; s=k%d;
        \tt=%d; h=from:to:subject:date:message-id:mime-version:content-type;
        \tbh=%s; b=%s
        """
            .formatted(
                to.domain(),
                from,
                from,
                Html.token(random, 6),
                letter.author().address(),
                random.nextDouble() * -5,
                from,
                1 + from.length() % 3,
                letter.date().getEpochSecond(),
                Mime.noise(random, 32).strip(),
                Mime.noise(random, 256)));
    if (random.nextInt(6) == 0) {
      trace.append("ARC-Seal: i=1; a=rsa-sha256; d=relay.example; s=arc; cv=none; b=");
      trace.append(Mime.noise(random, 256)).append('\n');
    }
    return trace.toString();
  }
}
