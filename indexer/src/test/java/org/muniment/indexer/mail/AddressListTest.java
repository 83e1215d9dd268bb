package org.muniment.indexer.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressListTest {

  private static Address.Mailbox mailbox(
      @Nullable String name, @Nullable String local, @Nullable String domain) {
    return new Address.Mailbox(name, null, local, domain);
  }

  private static List<Address> parse(String raw) {
    return AddressList.parse(raw).addresses();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a@b||a|b",
        "<a@b>||a|b",
        "Foo Bar <a@b>|Foo Bar|a|b",
        "\"Bar, Foo \\\"x\\\"\" <a@b>|Bar, Foo \"x\"|a|b",
        "J. R. Doe <a@b>|J. R. Doe|a|b",
        "a@b (Foo (nested) Bar)|Foo (nested) Bar|a|b",
        "john . doe @ example . com||john.doe|example.com",
        "\"john doe\"@b||john doe|b",
        "a@[127.0.0.1]||a|[127.0.0.1]",
        "=?utf-8?Q?a?= <a@b>|=?utf-8?Q?a?=|a|b",
        "a@b.de <a@b>|a@b.de|a|b"
      })
  void mailboxesAreRead(String raw, @Nullable String name, String local, String domain) {
    AddressList list = AddressList.parse(raw);
    assertThat(list.addresses()).containsExactly(mailbox(name, local, domain));
    assertThat(list.malformed()).isFalse();
  }

  @Test
  void listsAreRead() {
    assertThat(parse("a@b, ,c@d ,, E <e@f>"))
        .containsExactly(mailbox(null, "a", "b"), mailbox(null, "c", "d"), mailbox("E", "e", "f"));
  }

  @Test
  void groupsAreRead() {
    assertThat(parse("Friends: a@b, C <c@d>; , x@y, undisclosed-recipients:;"))
        .containsExactly(
            new Address.Group("Friends", List.of(mailbox(null, "a", "b"), mailbox("C", "c", "d"))),
            mailbox(null, "x", "y"),
            new Address.Group("undisclosed-recipients", List.of()));
  }

  @Test
  void anObsoleteRouteIsRead() {
    assertThat(parse("Foo <@r1,@r2:a@b>"))
        .containsExactly(new Address.Mailbox("Foo", "@r1,@r2", "a", "b"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nodomain|nodomain|",
        "<nodomain>|nodomain|",
        "<a@b|a|b",
        "Foo Bar|Foo Bar|",
        "<>||"
      })
  void whatIsMissingIsNull(String raw, @Nullable String local, @Nullable String domain) {
    AddressList list = AddressList.parse(raw);
    assertThat(list.addresses()).containsExactly(mailbox(null, local, domain));
    assertThat(list.malformed()).isTrue();
  }

  @Test
  void afterSomethingMalformedTheNextAddressIsRead() {
    assertThat(parse("x] y > z, a@b; c@d"))
        .contains(mailbox(null, "a", "b"), mailbox(null, "c", "d"));
  }

  @Test
  void tenThousandAddressesAreRead() {
    assertThat(parse("Some One <some.one@example.com>, ".repeat(10_000))).hasSize(10_000);
  }

  @Test
  void addressesAreBounded() {
    AddressList list = AddressList.parse("a@b,".repeat(200_000));
    assertThat(list.addresses()).hasSize(AddressList.MAX_ADDRESSES);
    assertThat(list.malformed()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"(", "<", "\"", "a:", "@", ":", ";", ">", "[", "<@", "a@[", "\\", ",", "(\\"})
  void hostileTextIsReadInLinearTime(String piece) {
    String raw = piece.repeat(300_000);
    Assertions.assertTimeout(Duration.ofSeconds(5), () -> AddressList.parse(raw));
  }

  @Test
  void anAddressIsShownDecoded() {
    assertThat(parse("=?utf-8?Q?J=C3=B6?= <j@b>, g: x@y, z@y;, \u00FC@b"))
        .extracting(Address::display)
        .containsExactly("Jö <j@b>", "g: x@y, z@y;", "ü@b");
  }
}
