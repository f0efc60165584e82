// Every stock feature that the executor promises to treat as Nextflow's local executor does.
process WRITE {
    input:
    val name

    output:
    tuple val(name), path("${name}.txt"), emit: file
    path "tree", emit: directory

    script:
    """
    echo "hello ${name}" > ${name}.txt
    mkdir -p tree/inner && echo ${name} > tree/inner/${name}.leaf
    """

    stub:
    """
    echo "stub ${name}" > ${name}.txt
    mkdir tree
    """
}

process PASSED_ON {
    publishDir "${params.outdir}/passed", mode: 'copy'

    input:
    tuple val(name), path(text)

    output:
    path "${name}.upper"

    script:
    """
    tr a-z A-Z < ${text} > ${name}.upper
    """
}

process MANY_FILES {
    publishDir "${params.outdir}/many", mode: 'copy'

    input:
    path 'in/*'

    output:
    path 'sum.txt'

    script:
    """
    cat in/* | sort -n | md5sum > sum.txt
    ls in | wc -l >> sum.txt
    """
}

process RETRIED {
    errorStrategy 'retry'
    maxRetries 2
    publishDir "${params.outdir}/retried", mode: 'copy'

    output:
    path 'attempt.txt'

    script:
    """
    echo attempt ${task.attempt} > attempt.txt
    test ${task.attempt} -eq 3 || exit 7
    """
}

process IGNORED {
    errorStrategy 'ignore'

    script:
    """
    echo "to be ignored" >&2
    exit 3
    """
}

process KILLED_137 {
    errorStrategy 'ignore'

    script:
    """
    exit 137
    """
}

process TOO_LONG {
    errorStrategy 'ignore'
    time '1s'

    script:
    """
    sleep 30
    """
}

process NEVER {
    when:
    false

    script:
    """
    exit 1
    """
}

process ONE_AT_A_TIME {
    maxForks 1

    input:
    val number

    output:
    path "*.span"

    script:
    """
    date +%s%N > ${number}.span
    sleep 0.2
    date +%s%N >> ${number}.span
    """
}

process NO_OVERLAP {
    publishDir "${params.outdir}/forks", mode: 'copy'

    input:
    path spans

    output:
    path 'overlaps.txt'

    script:
    """
    for span in ${spans}; do paste -s \$span; done | sort -n |
        awk 'BEGIN { n = 0 } \$1 < end { n++ } { end = \$2 } END { print n }' > overlaps.txt
    """
}

process SCRATCH {
    scratch true
    stageInMode 'copy'
    beforeScript 'export BEFORE="set before"'
    afterScript 'echo after > after.txt'
    publishDir { "${params.outdir}/scratch/${text.baseName}" }, mode: 'copy'

    input:
    path text

    output:
    path 'seen.txt'
    path 'made', emit: made
    stdout emit: words

    script:
    """
    echo "\$BEFORE" > seen.txt
    test -L ${text} && echo link >> seen.txt || echo copy >> seen.txt
    mkdir made && cp ${text} made/
    echo "printed"
    echo "to stderr" >&2
    """
}

process ENVIRONMENT {
    publishDir "${params.outdir}/environment", mode: 'copy'

    output:
    env 'ANSWER', emit: answer
    path '*.txt'

    script:
    """
    ANSWER=42
    read -r line || line='stdin is empty'
    echo "\$line" > 'a name with spaces.txt'
    echo "\$-" > flags.txt
    pwd -P | grep -c work >> flags.txt
    """
}

workflow {
    WRITE(channel.of('alpha', 'beta'))
    PASSED_ON(WRITE.out.file)
    many = channel.of(1..1000).collectFile(sort: true) { number -> ["${number}.number", "${number}\n"] }
    MANY_FILES(many.collect())
    RETRIED()
    IGNORED()
    KILLED_137()
    TOO_LONG()
    NEVER()
    ONE_AT_A_TIME(channel.of(1, 2, 3, 4))
    NO_OVERLAP(ONE_AT_A_TIME.out.collect())
    SCRATCH(WRITE.out.file.map { _name, text -> text })
    SCRATCH.out.words.view { words -> "words: ${words.trim()}" }
    ENVIRONMENT()
    ENVIRONMENT.out.answer.view { answer -> "answer: ${answer}" }
    WRITE.out.directory.view { tree -> "directory: ${tree.name}" }
}
