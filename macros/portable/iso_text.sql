{#
  A date, or date and time, in a declared format as ISO 8601 text; no date at all when it does not fit.

  What: the directives %Y %m %d %H %M %S %f of strptime; all but the year may lack their leading zero.
  Why: engines have other letters for the parts of a format, and read what does not fit it in other ways.
  Example: {{ iso_text('joined', '%d/%m/%Y') }}   '5/1/2026' -> '2026-01-05'
#}
{% macro iso_text(text, format) -%}
{%- set known = {
    '%Y': '([1-9][0-9]{3})', '%m': '([0-9]{1,2})', '%d': '([0-9]{1,2})', '%H': '([01]?[0-9]|2[0-3])',
    '%M': '([0-9]{1,2})', '%S': '([0-9]{1,2})', '%f': '([0-9]{1,6})',
} -%}
{%- set pattern, order = [], [] -%}
{%- for token in modules.re.findall('%.|.', format) -%}
    {%- if token in known -%}
        {%- do pattern.append(known[token]) -%}
        {%- do order.append(token) -%}
    {%- elif token | length > 1 or token in '[]^\\' ~ "'" -%}
        {%- do exceptions.raise_compiler_error("The format '" ~ format ~ "' has " ~ token ~ ': use ' ~ known | join(' ') ~ ' and plain characters.') -%}
    {%- else -%}
        {%- do pattern.append('[' ~ token ~ ']' if token in '.+*?()|{}$' else token) -%}
    {%- endif -%}
{%- endfor -%}
{%- if order | unique(case_sensitive=true) | list | length != order | length or not ('%Y' in order and '%m' in order and '%d' in order) -%}
    {%- do exceptions.raise_compiler_error("The format '" ~ format ~ "' must have each of %Y, %m and %d, and nothing twice.") -%}
{%- endif -%}
{%- set parts = {} -%}
{%- for token in order -%}
    {%- set part = regex_part(text, '^' ~ pattern | join ~ '$', loop.index) -%}
    {%- do parts.update({token: part if token in ['%Y', '%f'] else 'lpad(' ~ part ~ ", 2, '0')"}) -%}
{%- endfor -%}
{{ parts['%Y'] }} || '-' || {{ parts['%m'] }} || '-' || {{ parts['%d'] }}
{%- if '%H' in parts %}
    || ' ' || {{ parts['%H'] }} || ':' || {{ parts.get('%M', "'00'") }} || ':' || {{ parts.get('%S', "'00'") }}
    {%- if '%f' in parts %} || '.' || {{ parts['%f'] }}{% endif %}
{%- endif %}
{%- endmacro %}
