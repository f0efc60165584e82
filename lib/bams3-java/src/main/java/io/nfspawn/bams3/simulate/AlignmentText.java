package io.nfspawn.bams3.simulate;

import htsjdk.samtools.Cigar;
import htsjdk.samtools.CigarElement;
import htsjdk.samtools.CigarOperator;
import java.util.ArrayList;
import java.util.List;

/** Builds CIGAR, MD and NM from the events of one alignment, told from left to right. */
final class AlignmentText {
  private final List<CigarElement> elements = new ArrayList<>(3);
  private final StringBuilder md = new StringBuilder();
  private CigarOperator operator = CigarOperator.M;
  private int operatorBp;
  private int matching;
  private int editDistance;

  void clip(int lengthBp) {
    if (lengthBp > 0) {
      add(CigarOperator.S, lengthBp);
    }
  }

  void align(byte base, byte reference) {
    add(CigarOperator.M, 1);
    if (base == reference) {
      matching++;
      return;
    }
    endMatch();
    md.append((char) reference);
    editDistance++;
  }

  void insert() {
    add(CigarOperator.I, 1);
    editDistance++;
  }

  void delete(byte reference) {
    if (operator != CigarOperator.D) {
      endMatch();
      md.append('^');
    }
    add(CigarOperator.D, 1);
    md.append((char) reference);
    editDistance++;
  }

  private void add(CigarOperator next, int lengthBp) {
    if (next != operator) {
      endOperator();
      operator = next;
    }
    operatorBp += lengthBp;
  }

  private void endOperator() {
    if (operatorBp > 0) {
      elements.add(new CigarElement(operatorBp, operator));
    }
    operatorBp = 0;
  }

  private void endMatch() {
    md.append(matching);
    matching = 0;
  }

  int editDistance() {
    return editDistance;
  }

  /** To be asked for once, at the end. */
  Cigar cigar() {
    endOperator();
    return new Cigar(elements);
  }

  /** To be asked for once, at the end. */
  String md() {
    endMatch();
    return md.toString();
  }
}
