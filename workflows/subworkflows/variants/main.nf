//
// BAMS3 datasets to one ordered VCF a sample. CHUNKS_DISTRIBUTE, CHUNKS_CALL and CHUNKS_MERGE of a sample are
// one gang (conf/gang.config): they start together and hand each other work items and results over the channel.
//

include { CHUNKS_PLAN       } from '../../modules/chunks/plan/main'
include { CHUNKS_DISTRIBUTE } from '../../modules/chunks/distribute/main'
include { CHUNKS_CALL       } from '../../modules/chunks/call/main'
include { CHUNKS_MERGE      } from '../../modules/chunks/merge/main'

workflow VARIANTS {
    take:
    datasets  // channel: [meta, dataset]
    reference // value channel: [meta, fasta, fai, gzi or []]
    regions   // path of a BED, or []
    calling   // map: caller, caller_args, caller_version, chunk_span, chunk_pad, workers

    main:
    CHUNKS_PLAN(datasets, reference, regions, calling)
    planned = CHUNKS_PLAN.out.plan.join(datasets)

    CHUNKS_DISTRIBUTE(planned)
    CHUNKS_CALL(planned.combine(channel.fromList((1..calling.workers).toList())), reference)
    CHUNKS_MERGE(CHUNKS_PLAN.out.plan)

    emit:
    vcf     = CHUNKS_MERGE.out.vcf     // [meta, vcf, index]
    receipt = CHUNKS_MERGE.out.receipt // [meta, json]
}
