package org.muniment.indexer.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LanguageTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          en | Please find the minutes of our meeting attached. We will talk about it on Monday.
          de | Anbei erhalten Sie das Protokoll der Sitzung. Bitte geben Sie uns bis Freitag Bescheid.
          fr | Vous trouverez le compte rendu de la réunion dans la pièce jointe. Merci de votre aide.
          es | Adjunto el acta de la reunión de ayer para que la revisen. Muchas gracias por todo.
          pt | Segue em anexo a ata da reunião de ontem. Muito obrigado pela ajuda de todos.
          it | In allegato trovate il verbale della riunione di ieri. Grazie per la collaborazione.
          nl | Bijgaand vindt u het verslag van de vergadering. Wij horen graag of dit voor u klopt.
          sv | Bifogat finns protokollet från mötet. Hör av dig om det är något som inte stämmer.
          da | Vedhæftet er referatet af mødet. Sig til, hvis der er noget, som ikke er rigtigt.
          nb | Vedlagt er referatet fra møtet. Si fra hvis det er noe som ikke er riktig, takk.
          fi | Kokouksen pöytäkirja on tämän viestin liitteenä. Kiitos, ja kerro jos se ei ole oikein.
          pl | W załączniku jest protokół ze spotkania. Proszę o informację, czy to jest dobrze.
          cs | V příloze je zápis z porady. Pokud se vám něco nezdá, dejte nám prosím vědět.
          hu | Csatolva van az értekezlet jegyzőkönyve. Kérem, hogy ha valami nem jó, szóljon.
          ro | În anexă este procesul verbal al ședinței. Vă mulțumesc pentru că ați venit și la mai mult.
          tr | Toplantı tutanağı ektedir. Lütfen bir sorun var ise bize bu hafta içinde ve daha önce yazın.
          ru | Во вложении протокол вчерашнего заседания. Пожалуйста, проверьте, всё ли там верно.
          uk | У вкладенні протокол засідання. Будь ласка, перевірте, чи все там правильно.
          bg | Приложен е протоколът от заседанието. Моля, проверете дали всичко е вярно.
          el | Επισυνάπτονται τα πρακτικά της συνεδρίασης.
          ja | 会議の議事録を添付します。ご確認ください。
          zh | 请查收附件中的会议纪要。
          ko | 회의록을 첨부합니다. 확인 부탁드립니다.
          ar | تجدون محضر الاجتماع في المرفق.
          fa | صورتجلسه پیوست است. لطفاً بررسی کنید.
          he | מצורף פרוטוקול הישיבה.
          th | แนบรายงานการประชุมมาด้วย
          hi | बैठक का विवरण संलग्न है और आप इसे देख कर बता दें कि यह ठीक है
          """)
  void theLanguageOfAFewSentencesIsTold(String language, String text) {
    assertThat(Language.of(text)).isEqualTo(language);
  }

  @Test
  void whatCannotBeToldIsUnknown() {
    for (String text :
        List.of(
            "", "12345 !!", "OK", "foo bar baz", "x9f8 kq zz", "Rg. 4711", "\ud800\udc00\ud800")) {
      assertThat(Language.of(text)).as(text).isEqualTo(Language.UNKNOWN);
    }
  }

  @Test
  void quotedLinesDoNotCount() {
    String quoted = "> We will talk about the minutes of the meeting on Monday.\n".repeat(10);
    assertThat(Language.of(quoted + "Das ist f\u00fcr mich nicht die richtige Zeit.\n"))
        .isEqualTo("de");
    assertThat(Language.of(quoted)).isEqualTo(Language.UNKNOWN);
  }

  @Test
  void anyTextHasOneAndTheSameLanguage() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      StringBuilder text = new StringBuilder();
      random.ints(random.nextInt(60), 0, 0x11000).forEach(c -> text.append((char) c));
      assertThat(Language.of(text)).as("seed %d", seed).isEqualTo(Language.of(text)).isNotEmpty();
    }
  }

  @Test
  void aLongTextCostsNoMoreThanItsBeginning() {
    String text = "The meeting is about all that we have. ".repeat(1_000_000);
    long start = System.nanoTime();
    for (int i = 0; i < 1_000; i++) {
      assertThat(Language.of(text)).isEqualTo("en");
    }
    Duration each = Duration.ofNanos((System.nanoTime() - start) / 1_000);
    System.out.println("one text takes " + each.toNanos() / 1_000 + " \u00b5s");
    assertThat(each).isLessThan(Duration.ofMillis(5));
  }
}
