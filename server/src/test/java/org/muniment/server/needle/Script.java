package org.muniment.server.needle;

import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.util.Random;

/// Scripts of the world, each with a sentence that a needle can stand in.
enum Script {
  LATIN('a', 'z', "Please read ", " before we meet."),
  ACCENTED(0xE0, 0xFE, "Au café on dit ", " à présent."),
  GREEK(0x3B1, 0x3C9, "Διαβάστε το ", " αύριο."),
  CYRILLIC(0x430, 0x44F, "Прочтите, пожалуйста, ", " до завтра."),
  HEBREW(0x5D0, 0x5EA, "נא לקרוא ", " עד מחר."),
  ARABIC(
      0x628,
      0x64A,
      "نرجو منكم قراءة الملف المرفق والرد على الرسالة في أقرب وقت ممكن، وكلمة السر هي ",
      " كما اتفقنا في الاجتماع الذي عقد يوم الأحد الماضي في المكتب."),
  HAN(0x4E00, 0x9FA5, "今天看到", "在文件中。"),
  RARE_HAN(0x3400, 0x4DB5, "今天看到", "在文件中。"),
  HAN_OF_FOUR_OCTETS(0x20000, 0x2A6D6, "今天看到", "在文件中。"),
  HIRAGANA(0x3042, 0x3093, "会議では", "という話が出ました。"),
  KATAKANA(0x30A2, 0x30F3, "メモには", "と書いてある。"),
  KANJI(0x4E00, 0x9FA5, "資料の", "をご覧ください。"),
  HANGUL(0xAC00, 0xD7A3, "내일까지 ", "를 읽어 주세요.");

  private static final int LENGTH = 10;

  private final int first;
  private final int last;
  private final String before;
  private final String after;

  Script(int first, int last, String before, String after) {
    this.first = first;
    this.last = last;
    this.before = before;
    this.after = after;
  }

  /// A word that no language has.
  ///
  /// @param charset has all its letters
  String coin(Random random, Charset charset) {
    CharsetEncoder encoder = charset.newEncoder();
    StringBuilder word = new StringBuilder();
    while (word.codePointCount(0, word.length()) < LENGTH) {
      int letter = random.nextInt(first, last + 1);
      if (isWritten(letter) && encoder.canEncode(Character.toString(letter))) {
        word.appendCodePoint(letter);
      }
    }
    return word.toString();
  }

  private static boolean isWritten(int letter) {
    return Character.isLetter(letter) && Character.getType(letter) != Character.MODIFIER_LETTER;
  }

  /// The sentence with a needle in it.
  String around(String needle) {
    return before + needle + after;
  }

  /// The same after so many ordinary sentences.
  String around(String needle, int sentences) {
    return around("").repeat(sentences) + around(needle);
  }
}
