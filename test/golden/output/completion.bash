# inline-scan completion for bash: source <(inline-scan completion bash)
_inline_scan() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]} words=
  COMPREPLY=()
  case $previous in
    --fail-on) COMPREPLY=($(compgen -W 'stop warn never' -- "$current")); return ;;
    --archive|--from) COMPREPLY=($(compgen -f -- "$current")); return ;;
  esac
  if [ "$command" = completion ] && [ "$COMP_CWORD" -gt 1 ] && [[ $current != -* ]]; then COMPREPLY=($(compgen -W 'bash zsh fish' -- "$current")); return; fi
  if [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY=($(compgen -W 'scan advisories completion' -- "$current")); return; fi
  case $command in
    scan) words='--fail-on --archive --quiet' ;;
    advisories) words='download --from' ;;
    completion) words='' ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current") $([[ $current == -* ]] || compgen -f -- "$current"))
}
complete -o filenames -F _inline_scan inline-scan
