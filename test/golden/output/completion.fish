# inline-scan completion for fish: inline-scan completion fish | source
complete -c inline-scan -n __fish_use_subcommand -f -a scan -d 'analyse & evaluate: it'\''s all'
complete -c inline-scan -n __fish_use_subcommand -f -a advisories -d 'offline'
complete -c inline-scan -n __fish_use_subcommand -f -a completion -d 'a script'
complete -c inline-scan -n '__fish_seen_subcommand_from scan' -l fail-on -d 'which verdict [fails]: stop' -x -a 'stop warn never'
complete -c inline-scan -n '__fish_seen_subcommand_from scan' -l archive -d 'a path' -r
complete -c inline-scan -n '__fish_seen_subcommand_from scan' -l quiet -d 'no progress'
complete -c inline-scan -n '__fish_seen_subcommand_from advisories' -f -a download
complete -c inline-scan -n '__fish_seen_subcommand_from advisories' -l from -d 'where' -r
complete -c inline-scan -n '__fish_seen_subcommand_from completion' -f -a 'bash zsh fish'
