{#
  A regular expression that matches any of some texts, the longer before what it begins with.
  Why: what people declare, as 'US$', has characters that mean something in a pattern.
  Example: {{ any_of(['$', 'US$']) }}   -> US[$]|[$]
#}
{% macro any_of(texts) -%}
{%- set found = [] -%}
{%- for text in texts | sort(reverse=true, case_sensitive=true) -%}
    {%- if modules.re.search("['^\\[\\]\\\\]", text) -%}
        {%- do exceptions.raise_compiler_error('No pattern can have ' ~ text ~ ": leave out ' ^ [ ] and the backslash.") -%}
    {%- endif -%}
    {%- do found.append(modules.re.sub('([.+*?()|{}$])', '[\\1]', text)) -%}
{%- endfor -%}
{{ return(found | join('|')) }}
{%- endmacro %}
