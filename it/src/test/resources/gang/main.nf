// A gang without any program of ours: members find each other through what the agent gives them.
// RECEIVE writes its ext.gang with the plugin's helper, SEND has it from nextflow.config, without an id.
include { gang } from 'plugin/nf-spawn'

params.senders = 2
params.args = ''
params.trouble = ''
params.forks = 0
params.claim = null
params.absent = false
params.part = 'receive'

process SEND {
    maxForks params.forks as int
    errorStrategy { task.exitStatus == 9 ? 'retry' : 'terminate' }
    maxRetries 1
    ext args: { params.args }

    input:
    val meta
    each number

    output:
    stdout

    script:
    """
    # gang ${task.ext.gangKey}
    ${params.trouble}
    meeting=\$(dirname "\$SPAWN_MEMBERS")
    echo words of rank "\$SPAWN_RANK" ${task.ext.args} > words
    printf '{"file":"%s"}' "\$PWD/words" > "\$meeting/address.tmp"
    mv "\$meeting/address.tmp" "\$meeting/address.json"
    while [ ! -e received ]; do sleep 0.1; done
    echo sent
    """
}

process RECEIVE {
    publishDir 'results', mode: 'copy'
    ext gang: { gang(id: meta.id, role: params.part, roles: [send: (params.claim ?: params.senders) as int, receive: 1], senders: ['send']) }

    input:
    val meta

    output:
    path 'all.txt'

    script:
    """
    # gang ${task.ext.gangKey}
    test "\$(stat -c %a "\$SPAWN_CHANNEL_KEY")" = 600
    while [ "\$(grep -o '"file"' "\$SPAWN_MEMBERS" | wc -l)" -lt ${params.senders} ]; do sleep 0.1; done
    grep -o '"file":"[^"]*"' "\$SPAWN_MEMBERS" | cut -d'"' -f4 | sort > files.txt
    echo "gang \$SPAWN_GANG role \$SPAWN_ROLE rank \$SPAWN_RANK of \$SPAWN_SIZE epoch \$SPAWN_EPOCH" > all.txt
    while read -r file; do
        cat "\$file"
        touch "\$(dirname "\$file")/received"
    done < files.txt | sort >> all.txt
    """
}

workflow {
    SEND([id: 'g'], channel.of(1..(params.senders as int)))
    if (!params.absent) {
        RECEIVE([id: 'g'])
    }
}
