package org.muniment.indexer.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CharsetsTest {

  private static byte[] octets(String charset, String text) {
    return text.getBytes(Charset.forName(charset));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "windows-1252|Schöne Grüße aus München",
        "windows-1252|größer “als” 5 €",
        "windows-1252|Ärger über Öl",
        "windows-1252|L'été à la plage, déjà vu, ça va être très étonnant",
        "windows-1252|Añadió mañana la reunión en España",
        "windows-1252|é",
        "KOI8-R|Привет, как дела? Приезжай завтра к нам в гости",
        "KOI8-R|Счёт на оплату",
        "KOI8-R|Прочтите, пожалуйста, до завтра",
        "windows-1251|Привет, как дела? Приезжай завтра к нам в гости",
        "windows-1251|Счёт на оплату",
        "windows-1253|Καλημέρα, πώς είσαι σήμερα; Θα έρθεις αύριο στο γραφείο;",
        "windows-1255|שלום לכולם, הפגישה תתקיים מחר בבוקר במשרד",
        "windows-1256|السلام عليكم ورحمة الله وبركاته، الاجتماع غدا في المكتب",
        "GB18030|会议通知：明天上午十点开会，请大家准时参加。",
        "GB18030|中文邮件",
        "GB18030|Re: 关于合同的问题 (contract.pdf)",
        "Big5|會議通知：明天上午十點開會，請大家準時參加。",
        "Big5|中文郵件",
        "Shift_JIS|明日の会議は十時からです。よろしくお願いします。",
        "Shift_JIS|会議のお知らせ",
        "EUC-JP|明日の会議は十時からです。よろしくお願いします。",
        "EUC-JP|会議のお知らせ",
        "EUC-KR|안녕하세요, 내일 회의는 열 시에 시작합니다",
        "EUC-KR|회의 안내",
        "ISO-2022-JP|会議のお知らせ",
        "ISO-2022-KR|회의 안내",
        "UTF-8|größer 会議 Привет",
        "UTF-16|größer"
      })
  void aCharsetThatNobodyNamesIsDetected(String charset, String text) {
    assertThat(Charsets.guess(octets(charset, text))).isEqualTo(text);
  }

  @Test
  void eastEuropeanTextIsToldFromWesternWhereThereIsEnoughOfIt() {
    String text =
        "Zażółć gęślą jaźń. Proszę o przesłanie umowy, którą podpisaliśmy w środę, ponieważ"
            + " księgowość potrzebuje jej jeszcze dziś. Dziękuję bardzo i życzę miłego dnia,"
            + " a także dużo słońca i spokojnych świąt. Później również zadzwonię, żeby omówić"
            + " szczegóły dotyczące płatności za usługę.";
    assertThat(Charsets.guess(octets("ISO-8859-2", text))).isEqualTo(text);
  }

  @Test
  void theSameOctetsHaveTheSameAnswer() {
    byte[] octets = octets("KOI8-R", "Привет мир");
    String first = Charsets.guess(octets);
    for (int i = 0; i < 10; i++) {
      assertThat(Charsets.guess(octets)).isEqualTo(first);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Hi Mom -+Jjo--!,Hi Mom -☺-!",
    "A+ImIDkQ.,A≢Α.",
    "+ZeVnLIqe-,日本語",
    "Item 3 is +AKM-1.,Item 3 is £1.",
    "1 +- 1,1 + 1",
    "+2D3eAA-,😀",
    "gr+APwA3w,grüß",
    "+,''"
  })
  void utf7IsRead(String encoded, String text) {
    Charset utf7 = Charsets.find("UTF-7").orElseThrow();
    assertThat(Charsets.decode(encoded.getBytes(StandardCharsets.US_ASCII), utf7))
        .isEqualTo(new Charsets.Decoded(text, true));
  }

  @ParameterizedTest
  @CsvSource({
    "utf-8,windows-1252,Grüße aus München",
    "utf-8,windows-1251,Счёт на оплату",
    "us-ascii,Shift_JIS,会議のお知らせ",
    "us-ascii,ISO-2022-JP,会議のお知らせ",
    "iso-8859-1,UTF-8,Grüße",
    "utf-8,GB18030,中文邮件",
    "utf-16,US-ASCII,plain text",
    "euc-jp,windows-1252,Grüße aus München"
  })
  void whatLiesAboutItsCharsetIsGuessed(String named, String real, String text) {
    Charset charset = Charsets.find(named).orElseThrow();
    assertThat(Charsets.decode(octets(real, text), charset))
        .isEqualTo(new Charsets.Decoded(text, false));
  }

  @Test
  void aFewWrongOctetsMakeNoOtherCharset() {
    assertThat(
            Charsets.decode(
                Mails.lf("gr\u00C3\u00BC\u00C3\u009Fe \u00FF \u00C3\u00A4\u00C3\u00B6\u00C3\u00BC"),
                StandardCharsets.UTF_8))
        .isEqualTo(new Charsets.Decoded("grüße \uFFFD äöü", false));
  }

  @Test
  void unicodeWithAWrongOctetIsStillUnicode() {
    byte[] octets = Mails.lf("gr\u00C3\u00B6\u00C3\u009Fer \u00C3\u00A4\u00C3\u00BC \u00FF");
    assertThat(Charsets.guess(octets)).isEqualTo("größer äü \uFFFD");
    assertThat(Charsets.decode(octets, StandardCharsets.US_ASCII).text())
        .isEqualTo("größer äü \uFFFD");
  }

  @Test
  void aLongTextMayHaveAWrongOctet() {
    String text = "会议通知：明天上午十点开会，请大家准时参加。".repeat(5);
    byte[] octets = octets("GB18030", text + "\n");
    octets[octets.length - 2] = ' ';
    assertThat(Charsets.guess(octets)).startsWith(text.substring(0, text.length() - 1));
  }

  @Test
  void aByteOrderMarkIsNoText() {
    assertThat(Charsets.guess(Mails.lf("\u00EF\u00BB\u00BFabc"))).isEqualTo("abc");
    assertThat(Charsets.guess(Mails.lf("\u00FF\u00FEa\0b\0"))).isEqualTo("ab");
    assertThat(Charsets.decode(Mails.lf("\u00EF\u00BB\u00BFabc"), StandardCharsets.UTF_8).text())
        .isEqualTo("abc");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u00E9", "\u00C3 ", "\u00B0\u00A1", "\u001B$", "\u0081@", "\u00FF"})
  void hostileOctetsAreReadInLinearTime(String piece) {
    byte[] octets = Mails.lf(piece.repeat((8 << 20) / piece.length()));
    Assertions.assertTimeout(Duration.ofSeconds(5), () -> Charsets.guess(octets));
  }

  @Test
  void noOctetsThrow() {
    long seed = System.nanoTime();
    System.out.println("CharsetsTest seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 2000; i++) {
      byte[] octets = new byte[random.nextInt(64)];
      random.nextBytes(octets);
      assertThat(Charsets.guess(octets)).isNotNull();
      for (String name : new String[] {"utf-7", "utf-8", "iso-2022-jp", "gb18030", "utf-16"}) {
        assertThat(Charsets.decode(octets, Charsets.find(name).orElseThrow()).text()).isNotNull();
      }
    }
  }
}
