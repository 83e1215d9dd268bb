package org.muniment.indexer.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field.Store;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.junit.jupiter.api.Test;
import org.muniment.indexer.index.Fields;
import org.muniment.indexer.index.MailAnalyzer;

class LikenessTest {

  @Test
  void anEarlierStateOfADocumentDoesNotCount() throws Exception {
    IndexWriterConfig config =
        new IndexWriterConfig(MailAnalyzer.INDEX).setMergePolicy(NoMergePolicy.INSTANCE);
    try (Directory directory = new ByteBuffersDirectory();
        IndexWriter writer = new IndexWriter(directory, config)) {
      writer.addDocument(document("one", "zeppelin"));
      writer.addDocument(document("two", "soup"));
      writer.commit();
      writer.updateDocument(new Term(Fields.CONTENT, "one"), document("one", "zeppelin"));
      writer.commit();
      assertThat(having(directory, "zeppelin")).isEqualTo(1);
      assertThat(having(directory, "soup")).isEqualTo(1);
    }
  }

  private static int having(Directory directory, String word) throws IOException {
    try (DirectoryReader reader = DirectoryReader.open(directory)) {
      return new Likeness(new IndexSearcher(reader), MatchAllDocsQuery.INSTANCE).having(word);
    }
  }

  private static Document document(String content, String body) {
    Document document = new Document();
    document.add(new StringField(Fields.CONTENT, content, Store.NO));
    document.add(new TextField(Fields.BODY, body, Store.NO));
    return document;
  }
}
