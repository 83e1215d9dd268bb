package org.muniment.indexer.index;

import java.io.Reader;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.charfilter.MappingCharFilter;
import org.apache.lucene.analysis.charfilter.NormalizeCharMap;
import org.apache.lucene.analysis.cjk.CJKBigramFilter;
import org.apache.lucene.analysis.icu.ICUFoldingFilter;
import org.apache.lucene.analysis.icu.segmentation.DefaultICUTokenizerConfig;
import org.apache.lucene.analysis.icu.segmentation.ICUTokenizer;

/// Text to words, for every language alike: Unicode word breaks, case, accents and widths folded.
/// Chinese, Japanese and Korean become pairs of characters, so that any two or more characters that
/// follow each other are found without a dictionary.
///
/// Names are taken apart at `.` and `_`: `report_2024.pdf` and `mail.example.com` are phrases of
/// words, each of which is found alone.
public final class MailAnalyzer extends Analyzer {

  /// For what is indexed: also single characters of Chinese, Japanese and Korean.
  public static final MailAnalyzer INDEX = new MailAnalyzer(true);

  /// For what is looked for: single characters only where they stand alone.
  public static final MailAnalyzer QUERY = new MailAnalyzer(false);

  /// Between two values of one field, so that no phrase reaches over.
  private static final int GAP = 100;

  private static final int ALL_SCRIPTS =
      CJKBigramFilter.HAN
          | CJKBigramFilter.HIRAGANA
          | CJKBigramFilter.KATAKANA
          | CJKBigramFilter.HANGUL;

  private static final NormalizeCharMap BREAKS = breaks();

  private final boolean singles;

  private MailAnalyzer(boolean singles) {
    this.singles = singles;
  }

  private static NormalizeCharMap breaks() {
    NormalizeCharMap.Builder breaks = new NormalizeCharMap.Builder();
    for (String joining : new String[] {".", "_", ":", ",", ";"}) {
      breaks.add(joining, " ");
    }
    return breaks.build();
  }

  @Override
  protected Reader initReader(String field, Reader text) {
    return new MappingCharFilter(BREAKS, text);
  }

  @Override
  protected TokenStreamComponents createComponents(String field) {
    ICUTokenizer words = new ICUTokenizer(new DefaultICUTokenizerConfig(false, true));
    TokenStream folded = new ICUFoldingFilter(words);
    return new TokenStreamComponents(words, new CJKBigramFilter(folded, ALL_SCRIPTS, singles));
  }

  @Override
  public int getPositionIncrementGap(String field) {
    return GAP;
  }
}
