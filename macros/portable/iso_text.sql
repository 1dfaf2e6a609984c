{#
  A date, or date and time, in a declared format as ISO 8601 text; no date at all when it does not fit.

  What: the directives %Y %m %d %H %M %S %f of strptime; all but the year may lack their leading zero.
  Why: engines have other letters for the parts of a format, and read what does not fit it in other ways.
  Example: {{ iso_text('joined', '%d/%m/%Y') }}   '5/1/2026' -> '2026-01-05'
#}
{% macro iso_text(text, format) -%}
{%- set digits = {'%Y': 4, '%m': 2, '%d': 2, '%H': 2, '%M': 2, '%S': 2, '%f': 6} -%}
{%- set pattern, order = [], [] -%}
{%- for token in modules.re.findall('%.|.', format) -%}
    {%- if token in digits -%}
        {%- do pattern.append('([0-9]{' ~ (4 if token == '%Y' else '1,' ~ digits[token]) ~ '})') -%}
        {%- do order.append(token) -%}
    {%- elif token in '.+*?()|{}$' -%}
        {%- do pattern.append('[' ~ token ~ ']') -%}
    {%- elif token | length == 1 -%}
        {%- do pattern.append(token) -%}
    {%- else -%}
        {%- do exceptions.raise_compiler_error(
            "The format '" ~ format ~ "' has " ~ token ~ ': use ' ~ digits | join(' ') ~ ' and plain characters.'
        ) -%}
    {%- endif -%}
{%- endfor -%}
{%- set whole = '^' ~ pattern | join ~ '$' -%}
{%- set parts = {} -%}
{%- for token in order -%}
    {%- set part = "regexp_extract(" ~ text ~ ", '" ~ whole ~ "', " ~ loop.index ~ ")" -%}
    {%- do parts.update({token: part if token in ['%Y', '%f'] else 'lpad(' ~ part ~ ", 2, '0')"}) -%}
{%- endfor -%}
{{ parts['%Y'] }} || '-' || {{ parts['%m'] }} || '-' || {{ parts['%d'] }}
{%- if '%H' in parts %}
    || ' ' || {{ parts['%H'] }} || ':' || {{ parts.get('%M', "'00'") }} || ':' || {{ parts.get('%S', "'00'") }}
    {%- if '%f' in parts %} || '.' || {{ parts['%f'] }}{% endif %}
{%- endif %}
{%- endmacro %}
