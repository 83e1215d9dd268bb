package org.muniment.server.view.imap.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.indexer.catalog.Shown;
import org.muniment.server.access.SignIn;
import org.muniment.server.access.StateDatabase;
import org.muniment.server.access.Subscriptions;
import org.muniment.server.access.User;
import org.muniment.server.config.Secret;
import org.muniment.server.view.imap.session.Limits;
import org.muniment.server.view.imap.session.Resources;
import org.muniment.server.view.imap.session.Session;
import org.muniment.server.view.imap.session.UserShares;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.ImapWriter;
import org.muniment.server.view.imap.wire.SyntaxException;

class CommandTest {

  private static final SignIn NOBODY =
      new SignIn() {
        @Override
        public Optional<User> withPassword(String name, Secret password, InetAddress peer) {
          throw new AssertionError("asked for a password that should never have been read");
        }

        @Override
        public Optional<User> withToken(Secret token) {
          return Optional.empty();
        }
      };

  @TempDir private static Path folder;

  private static StateDatabase state;

  @BeforeAll
  static void open() throws IOException {
    state = StateDatabase.open(folder.resolve("state.db"));
  }

  @AfterAll
  static void close() throws IOException {
    state.close();
  }

  private static Session stranger(String octets) throws IOException {
    ImapReader in =
        new ImapReader(
            new ByteArrayInputStream(octets.getBytes(StandardCharsets.ISO_8859_1)),
            text -> {
              throw new AssertionError("a literal was invited");
            });
    in.begin();
    return new Session(
        in,
        new ImapWriter(OutputStream.nullOutputStream()),
        new Resources(
            NOBODY,
            user -> {
              throw new AssertionError("nobody has signed in");
            },
            null,
            Subscriptions.of(state),
            Shown.ALL),
        InetAddress.getByName("192.0.2.1"),
        Limits.DEFAULT,
        new UserShares(1, 0),
        silence -> {});
  }

  @Test
  void aPasswordFromAnotherMachineIsRefusedUnread() throws IOException, SyntaxException {
    for (String command :
        List.of("LOGIN alice secret\r\n", "LOGIN {5}\r\n", "AUTHENTICATE PLAIN\r\n")) {
      Session session = stranger(command);
      assertThat(Command.read(session).run(session).code()).isEqualTo("PRIVACYREQUIRED");
    }
  }

  @Test
  void anotherMachineIsToldThatLoginIsDisabled() throws IOException {
    assertThat(Capability.data(stranger("")))
        .contains(" LOGINDISABLED")
        .doesNotContain("AUTH=PLAIN");
  }
}
