package org.muniment.indexer.language;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The most common words of languages whose script does not tell them. A word that several of them
/// have counts for each of these in part.
final class CommonWords {

  private static final String[] LANGUAGES = {
    "en", "de", "fr", "es", "pt", "it", "nl", "sv", "da", "nb", "fi", "pl", "cs", "hu", "ro", "tr",
    "hi"
  };

  /// In the order of [#LANGUAGES].
  private static final String[] WORDS = {
    """
    the of and to in is that it for you was with are this have not be on as at from your will can
    by we or an if they has our please would which been there their what when thanks regards all
    but about more do my he she his her were
    """,
    """
    der die das und ist nicht ein eine einen einem einer zu den dem mit von für auf sich auch
    wir ich sie es im am bei nach wie oder aber wenn noch nur werden wird haben hat sind kann ihre
    ihr ihnen uns bitte danke grüße grüßen über durch zum zur vom dass wurde
    mein mir dir
    """,
    """
    le la les des et est un une dans pour que qui ne pas sur avec vous nous je il elle au aux du ce
    cette ces son sa ses par plus ou mais sont être a été votre vos notre merci bonjour
    cordialement comme tout fait si leur mon
    """,
    """
    el la los las de y que en un una es por para con no se del al lo su sus como más pero está
    este esta son fue ha muy ya hay le les nos usted gracias saludos hola también sobre cuando
    porque todo si ser desde
    """,
    """
    o a os as de e que em um uma é para com não se do da dos das no na nos nas por mais mas
    como foi ao ele ela está isso este esta seu sua são também você obrigado obrigada
    olá muito já pelo pela até quando ser tem
    """,
    """
    il lo la i gli le di e che in un una è per con non si del della dei delle al alla nel nella
    sono come più ma anche questo questa ho ha da dal grazie ciao saluti molto essere stato
    perché quando suo sua mi ci vi
    """,
    """
    de het een en van is dat niet op te in voor met zijn aan er om maar ook als bij nog naar wordt
    worden heeft hebben kan wij ik je jij hij uw ons onze deze dit die zou door over uit bedankt
    groet groeten vriendelijke graag geen wel
    """,
    """
    och att det som en på är av för med till den har inte om ett jag vi du han hon men
    var från så kan ska skulle när eller efter vid mycket mig dig oss er detta denna hej
    tack hälsningar också bara något hur
    """,
    """
    og at det som en på er af for med til den har ikke om et jeg vi du han hun men var fra så
    kan skal ville når eller efter ved meget mig dig os dette denne hej tak hilsen hilsner også
    kun noget hvad hvordan hvor blev
    """,
    """
    og å at det som en på er av for med til den har ikke om et jeg vi du han hun men var fra
    så kan skal ville når eller etter ved veldig mye meg deg oss dette denne hei takk hilsen
    også bare noe hva hvordan hvor ble
    """,
    """
    ja on ei se että oli ovat olla kun niin kuin myös mutta tai jos hän minä sinä
    me te he tämä tämän ole olen voi vain nyt sitten kaikki joka mitä miten kiitos
    hei terveisin kanssa ennen jälkeen sekä olisi meille teille
    """,
    """
    i w na nie się z do to jest że o jak ale za od po czy dla tak co był była być
    oraz przez przy już tylko tego tym jego jej ich ma może proszę dziękuję
    pozdrawiam który które która także lub
    """,
    """
    a se v na je že to s z do o i jako za by pro jsem jsou ale nebo tak od po pokud má byl bylo
    být který které která při jen už děkuji dobrý den pozdravem prosím
    jeho její také vám vás nám podle
    """,
    """
    a az és hogy nem is egy ez meg van volt de ha csak már vagy mint ki el így kell lesz
    lehet azt ezt köszönöm köszönjük üdvözlettel sziasztok kérem
    még mert akkor minden után szerint én ő mi ti vannak nincs
    """,
    """
    și şi de la în a care nu pe cu un o este din pentru mai să sunt au fost ca dar sau
    prin după am ai va că se le lui ei acest aceasta foarte mulțumesc mulţumesc bună
    ziua dacă când cât dumneavoastră numai
    """,
    """
    ve bir bu da de için ile çok ne daha gibi kadar olarak olan var yok ama o ben sen biz siz
    değil sonra önce her ki mi en ya veya teşekkürler teşekkür ederim merhaba
    saygılarımla lütfen bütün olanı olur tüm şey
    """,
    """
    है के में की और का से को पर हैं
    नहीं कि यह भी ने कर लिए था थी
    हम आप हो
    """
  };

  /// Which languages have a word, as bits.
  private static final Map<String, Integer> HAVING = having();

  /// Words of a language in a text of it: part of all words, and how many at least.
  private static final double PART = 0.08;

  private static final double LEAST = 1.5;

  /// How far the language is ahead of the next at least.
  private static final double AHEAD = 1.2;

  private CommonWords() {}

  private static Map<String, Integer> having() {
    Map<String, Integer> having = new HashMap<>();
    for (int language = 0; language < LANGUAGES.length; language++) {
      int bit = 1 << language;
      Arrays.stream(WORDS[language].strip().split("\\s+", -1))
          .distinct()
          .forEach(word -> having.merge(word, bit, Integer::sum));
    }
    return Map.copyOf(having);
  }

  /// @param words of a text, in lower case
  static String language(List<String> words) {
    double[] points = new double[LANGUAGES.length];
    for (String word : words) {
      int having = HAVING.getOrDefault(word, 0);
      double each = 1.0 / Math.max(1, Integer.bitCount(having));
      for (; having != 0; having &= having - 1) {
        points[Integer.numberOfTrailingZeros(having)] += each;
      }
    }
    int best = 0;
    double next = 0;
    for (int i = 1; i < points.length; i++) {
      next = Math.max(next, Math.min(points[i], points[best]));
      best = points[i] > points[best] ? i : best;
    }
    boolean told =
        points[best] >= LEAST && points[best] >= words.size() * PART && points[best] > next * AHEAD;
    return told ? LANGUAGES[best] : Language.UNKNOWN;
  }
}
