package org.muniment.archive.bench;

import java.util.List;

/// A language of the corpus: sounds to make words of, and the words that mail programs add.
enum Language {
  ENGLISH(
      "|b|br|c|ch|cl|d|dr|f|fl|g|gr|h|j|l|m|n|p|pl|pr|qu|r|s|sc|sh|sp|st|str|t|th|tr|v|w|wh",
      "a|e|i|o|u|ea|ee|ou|ai|io|oa",
      "|||n|r|s|t|l|m|d|ck|ng|nt|st|rd|ll|ss|th|x",
      "us-ascii|us-ascii|utf-8|utf-8|iso-8859-1",
      "Sent|Drafts|Trash|Archive.2021|Archive.2022|Projects.North|Projects.Harbour",
      "Re: ",
      "Fwd: ",
      "On %s, %s wrote:",
      "This message is confidential and meant for the addressee only. Should it have reached you by "
          + "mistake, please tell the sender and delete it; copying it or passing it on is not allowed."),
  GERMAN(
      "|b|br|d|dr|f|fr|g|gr|h|k|kl|l|m|n|p|pf|r|s|sch|schw|sp|st|t|v|w|z|zw",
      "a|e|i|o|u|ä|ö|ü|au|ei|eu|ie",
      "||n|r|s|t|l|ch|cht|ng|nd|rt|ß|tz|ck|st|en|er",
      "utf-8|utf-8|iso-8859-1|windows-1252",
      "Gesendete Objekte|Entw&APw-rfe|Gel&APY-schte Elemente|Archiv.2021|Archiv.2022|B&APw-ro.Nord",
      "AW: ",
      "WG: ",
      "Am %s schrieb %s:",
      "Diese Nachricht ist vertraulich und nur für den Empfänger bestimmt. Haben Sie sie irrtümlich "
          + "erhalten, so unterrichten Sie bitte den Absender und löschen Sie sie."),
  RUSSIAN(
      "|б|в|вз|г|гр|д|др|ж|з|к|кр|л|м|н|п|пр|р|с|ск|ст|стр|т|тр|ф|х|ц|ч|ш",
      "а|е|и|о|у|ы|я|ю|ё|ей|ой",
      "|||н|р|с|т|л|м|д|й|ть|ль|ств|нн|ск|х",
      "koi8-r|koi8-r|utf-8|utf-8|windows-1251",
      "&BB4EQgQ,BEAEMAQyBDsENQQ9BD0ESwQ1-|&BCMENAQwBDsEUQQ9BD0ESwQ1-|&BB8EQAQ+BDUEOgRCBEs-.2022",
      "Re: ",
      "Fwd: ",
      "%s, %s писал(а):",
      "Это сообщение предназначено только для адресата. Если оно попало к вам по ошибке, сообщите "
          + "об этом отправителю и удалите его.");

  private final String onsets;
  private final String nuclei;
  private final String codas;
  private final String charsets;
  private final String mailboxes;
  final String reply;
  final String forward;

  /// A line before a quotation, of a date and a name.
  final String attribution;

  final String disclaimer;

  Language(
      String onsets,
      String nuclei,
      String codas,
      String charsets,
      String mailboxes,
      String reply,
      String forward,
      String attribution,
      String disclaimer) {
    this.onsets = onsets;
    this.nuclei = nuclei;
    this.codas = codas;
    this.charsets = charsets;
    this.mailboxes = mailboxes;
    this.reply = reply;
    this.forward = forward;
    this.attribution = attribution;
    this.disclaimer = disclaimer;
  }

  /// What a syllable begins with, its vowel, and what it may end with.
  List<String> onsets() {
    return list(onsets);
  }

  List<String> nuclei() {
    return list(nuclei);
  }

  List<String> codas() {
    return list(codas);
  }

  /// Character sets that mail in the language is written in.
  List<String> charsets() {
    return list(charsets);
  }

  /// Names in Maildir++, the one for sent mail first.
  List<String> mailboxes() {
    return list(mailboxes);
  }

  private static List<String> list(String items) {
    return List.of(items.split("\\|", -1));
  }
}
