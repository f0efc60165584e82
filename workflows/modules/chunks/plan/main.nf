process CHUNKS_PLAN {
    tag "${meta.id}"
    label 'process_single'

    conda "${moduleDir}/environment.yml"

    input:
    tuple val(meta), path(dataset)
    tuple val(meta2), path(fasta), path(fai), path(gzi)
    path regions
    val calling

    output:
    tuple val(meta), path("*.plan.json"), emit: plan
    tuple val("${task.process}"), val('spawn-chunks'), eval("spawn-chunks --version"), topic: versions, emit: versions_spawnchunks

    when:
    task.ext.when == null || task.ext.when

    script:
    def args = task.ext.args ?: ''
    def prefix = task.ext.prefix ?: "${meta.id}"
    def bed = regions ? "--regions ${regions}" : ''
    """
    # ${calling.caller_version}
    spawn-chunks plan \\
        ${args} \\
        --sample ${quoted(meta.id)} \\
        --reference ${fasta} \\
        --chunk-span ${calling.chunk_span} \\
        --chunk-pad ${calling.chunk_pad} \\
        --workers ${calling.workers} \\
        --caller ${quoted(calling.caller)} \\
        --caller-args=${quoted(calling.caller_args)} \\
        ${bed} \\
        ${dataset} \\
        -o ${prefix}.plan.json
    """

    stub:
    def prefix = task.ext.prefix ?: "${meta.id}"
    """
    echo '{}' > ${prefix}.plan.json
    """
}

// As one word of the shell, whatever is in it.
def quoted(text) {
    return "'" + text.toString().replace("'", "'\\''") + "'"
}
