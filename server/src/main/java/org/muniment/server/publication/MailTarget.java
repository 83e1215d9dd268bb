package org.muniment.server.publication;

import jakarta.activation.DataHandler;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.log.Checkpoint;
import org.muniment.archive.log.SignedCheckpoint;
import org.muniment.server.config.Secret;
import org.muniment.server.config.SourceConfig;
import org.muniment.server.config.TargetConfig;
import org.muniment.server.trust.TlsLayer;

/// Mail addresses that get the signed note to read and, octet for octet, as an attachment. They
/// have confirmed when the mail server has accepted the message for all of them.
///
/// @param patience longest wait for the connection and for each answer
record MailTarget(TargetConfig.Mail config, Duration patience) implements Target {

  static final Duration PATIENCE = Duration.ofSeconds(30);

  @Override
  public String name() {
    return config.name();
  }

  @Override
  public void send(SignedCheckpoint checkpoint) throws IOException {
    Session session = Session.getInstance(properties());
    Secret password = config.password();
    try (Transport transport = session.getTransport("smtp")) {
      MimeMessage message = message(session, checkpoint);
      transport.connect(
          config.host(),
          config.port(),
          config.username(),
          password == null ? null : password.value());
      transport.sendMessage(message, message.getAllRecipients());
    } catch (MessagingException e) {
      throw new IOException(words(e), e);
    }
  }

  private Properties properties() throws IOException {
    String milliseconds = Long.toString(patience.toMillis());
    Properties properties = new Properties();
    properties.put("mail.smtp.connectiontimeout", milliseconds);
    properties.put("mail.smtp.timeout", milliseconds);
    properties.put("mail.smtp.writetimeout", milliseconds);
    properties.put("mail.smtp.auth", Boolean.toString(config.username() != null));
    properties.put("mail.smtp.quitwait", "false");
    properties.put("mail.smtp.ssl.checkserveridentity", "true");
    properties.put("mail.smtp.ssl.protocols", "TLSv1.3 TLSv1.2");
    if (config.security() != SourceConfig.Security.NONE) {
      properties.put("mail.smtp.ssl.socketFactory", TlsLayer.trusting(config.trust()));
      // Or a server that is refused would be tried once more with the authorities of Java.
      properties.put("mail.smtp.socketFactory.fallback", "false");
    }
    switch (config.security()) {
      case TLS -> properties.put("mail.smtp.ssl.enable", "true");
      case STARTTLS -> {
        properties.put("mail.smtp.starttls.enable", "true");
        properties.put("mail.smtp.starttls.required", "true");
      }
      case NONE -> {}
    }
    return properties;
  }

  private MimeMessage message(Session session, SignedCheckpoint signed) throws MessagingException {
    Checkpoint checkpoint = signed.checkpoint();
    MimeMessage message = new MimeMessage(session);
    message.setFrom(new InternetAddress(config.from()));
    for (String to : config.to()) {
      message.addRecipient(Message.RecipientType.TO, new InternetAddress(to));
    }
    message.setSubject(
        "Checkpoint of " + checkpoint.origin() + ": " + checkpoint.size() + " entries", "utf-8");
    message.setSentDate(Date.from(Instant.now()));
    // RFC 3834 section 5: nobody is to answer.
    message.setHeader("Auto-Submitted", "auto-generated");
    MimeBodyPart text = new MimeBodyPart();
    text.setText(
        "The signed state of the log of a mail archive. Keep it: it shows later whether the log was"
            + " rewritten.\n\n"
            + signed.note(),
        "utf-8");
    message.setContent(new MimeMultipart(text, attachment(signed)));
    return message;
  }

  private static MimeBodyPart attachment(SignedCheckpoint signed) throws MessagingException {
    MimeBodyPart attachment = new MimeBodyPart();
    attachment.setDataHandler(
        new DataHandler(new ByteArrayDataSource(signed.octets(), "application/octet-stream")));
    attachment.setFileName(Target.fileName(signed.checkpoint()));
    attachment.setHeader("Content-Transfer-Encoding", "base64");
    return attachment;
  }

  /// What the innermost of the errors says: the server's answer, or what befell the connection. Of
  /// a certificate, what is wrong with it.
  private static String words(MessagingException e) {
    @Nullable Throwable innermost = e;
    while (innermost instanceof MessagingException && innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    String message = innermost == null ? null : innermost.getMessage();
    return TlsLayer.refusal(e).orElse(message == null ? e.toString() : message);
  }

  @Override
  public boolean outside() {
    return true;
  }
}
