#compdef inline-scan
# inline-scan completion for zsh: source <(inline-scan completion zsh)
_inline_scan() {
  local -a commands
  commands=('scan:analyse & evaluate\: it'\''s all' 'advisories:offline' 'completion:a script')
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  local command=$words[2]
  shift words; (( CURRENT-- ))
  case $command in
    scan) _arguments '--fail-on[which verdict \[fails\]\: stop]:value:(stop warn never)' '--archive[a path]:value:_files' '--quiet[no progress]' '*:file:_files' ;;
    advisories) _arguments '--from[where]:value:_files' '1:command:(download)' ;;
    completion) _arguments '1:argument:(bash zsh fish)' ;;
  esac
}
compdef _inline_scan inline-scan
