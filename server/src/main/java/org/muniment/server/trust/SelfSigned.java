package org.muniment.server.trust;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.IPAddress;

/// The certificate of a server that has no other: vouched for by itself, kept in a folder, so that
/// whoever accepted it once knows it again.
public final class SelfSigned {

  private static final String CERTIFICATE = "self-signed.pem";
  private static final String KEY = "self-signed.key.pem";
  private static final Duration VALID = Duration.ofDays(3650);
  private static final int SERIAL_BITS = 127;

  private SelfSigned() {}

  /// The certificate of the folder; a new one when there is none, or it has expired.
  ///
  /// @param folder made when it is not there; for its owner only
  /// @param names host names and addresses of a new one, at least one
  public static ServerTls in(Path folder, Collection<String> names, Instant now)
      throws IOException {
    Path certificate = folder.resolve(CERTIFICATE);
    Path key = folder.resolve(KEY);
    if (Files.exists(certificate) && Files.exists(key)) {
      ServerTls kept = ServerTls.of(certificate, key);
      if (now.isBefore(kept.certificate().getNotAfter().toInstant())) {
        return kept;
      }
    }
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    try {
      make(names, now, certificate, key);
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IOException("no certificate can be made: " + e.getMessage(), e);
    }
    return ServerTls.of(certificate, key);
  }

  private static void make(Collection<String> names, Instant now, Path certificate, Path key)
      throws IOException, GeneralSecurityException, OperatorCreationException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    // The certificate comes last: without it the key is made anew.
    Files.deleteIfExists(certificate);
    write(key, "PRIVATE KEY", pair.getPrivate().getEncoded());
    write(certificate, "CERTIFICATE", signed(pair, names, now).getEncoded());
  }

  // RFC 5280 section 4.1
  private static X509CertificateHolder signed(KeyPair pair, Collection<String> names, Instant now)
      throws IOException, OperatorCreationException {
    X500Name subject = new X500Name("CN=Muniment");
    return new JcaX509v3CertificateBuilder(
            subject,
            new BigInteger(SERIAL_BITS, new SecureRandom()).add(BigInteger.ONE),
            Date.from(now.minus(Duration.ofDays(1))),
            Date.from(now.plus(VALID)),
            subject,
            pair.getPublic())
        .addExtension(Extension.subjectAlternativeName, false, alternatives(names))
        .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
        .addExtension(
            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()));
  }

  private static GeneralNames alternatives(Collection<String> names) {
    return new GeneralNames(
        names.stream()
            .distinct()
            .map(name -> new GeneralName(kind(name), name))
            .toArray(GeneralName[]::new));
  }

  private static int kind(String name) {
    return IPAddress.isValid(name) ? GeneralName.iPAddress : GeneralName.dNSName;
  }

  private static void write(Path file, String kind, byte[] octets) throws IOException {
    String lines =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(octets);
    Path unfinished = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(unfinished);
    Files.createFile(
        unfinished,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(
        unfinished, "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(kind, lines));
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
