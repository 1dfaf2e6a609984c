{#
  The parts of a text in a declared format, each as SQL of its digits: year, month, day, hour, minute,
  second, fraction and zone; nothing where the format has none.

  What: the directives of strptime that directive_patterns lists. A blank in the format stands for one or
  more, and blanks around the text don't matter.
  Why: a day that is written first is never guessed to be a month, and the other way round.
  Example: {{ format_parts('sold_at', '%d.%m.%y %H:%M', {'year_pivot': 68}).year }}
#}
{% macro format_parts(text, format, feed) -%}
{%- set known = directive_patterns(feed) -%}
{%- set numbers = ['%Y', '%y', '%m', '%d', '%H', '%I', '%M', '%S', '%f'] -%}
{%- set pattern, order = [], [] -%}
{%- for token in modules.re.findall('%.|.', format) -%}
    {#- Where nothing stands between two numbers, only their digits tell where one ends. -#}
    {%- set touches = loop.previtem in numbers or loop.nextitem in numbers -%}
    {%- if token in known -%}
        {%- do pattern.append(known[token] | replace('{1,2}', '{2}') if touches else known[token]) -%}
        {%- do order.append(token) if token not in ['%a', '%A'] -%}
    {%- elif token == ' ' -%}
        {%- do pattern.append('[ \u00a0\u202f]+') -%}
    {%- elif token | length > 1 or token in '[]^\\' ~ "'" -%}
        {%- do exceptions.raise_compiler_error("The format '" ~ format ~ "' has " ~ token ~ ': use ' ~ known | join(' ') ~ ' and plain characters.') -%}
    {%- else -%}
        {%- do pattern.append(any_of([token])) -%}
    {%- endif -%}
{%- endfor -%}
{%- do check_format(format, order, feed) -%}
{%- set found = {} -%}
{%- for token in order -%}
    {%- do found.update({token: regex_part(text, '^[ \t]*' ~ pattern | join ~ '[ \t]*$', loop.index)}) -%}
{%- endfor -%}
{{ return({
    'year': found.get('%Y') or year_of_two_digits(found['%y'], feed.year_pivot),
    'month': two_digits(found['%m']) if '%m' in found else month_of_name(found.get('%b') or found['%B']),
    'day': two_digits(found['%d']),
    'hour': two_digits(found['%H']) if '%H' in found else hour_of_twelve(found['%I'], found['%p']) if '%I' in found,
    'minute': two_digits(found['%M']) if '%M' in found else "'00'",
    'second': two_digits(found['%S']) if '%S' in found else "'00'",
    'fraction': found.get('%f'),
    'zone': found.get('%z') or found.get('%Z'),
}) }}
{%- endmacro %}


{#
  What each directive reads, as a regular expression: digits, which may lack a leading zero; English names
  of months; am and pm, or 上午 and 下午; a zone (zone_pattern); and days of the week, which are not looked at.
#}
{% macro directive_patterns(feed) -%}
{%- set month =
    '((?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?'
    ~ '|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?))[.]?'
-%}
{%- set weekday = '(?i:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)[.]?' -%}
{%- set zone = '(' ~ zone_pattern(feed) ~ ')' -%}
{{ return({
    '%Y': '([1-9][0-9]{3})', '%y': '([0-9]{2})', '%m': '([0-9]{1,2})', '%b': month, '%B': month, '%d': '([0-9]{1,2})',
    '%H': '([01]?[0-9]|2[0-3])', '%I': '(0?[1-9]|1[0-2])', '%M': '([0-9]{1,2})', '%S': '([0-9]{1,2})',
    '%f': '([0-9]{1,9})', '%p': '((?i:[ap][.]?m[.]?)|上午|下午)', '%z': zone, '%Z': zone, '%a': weekday, '%A': weekday,
}) }}
{%- endmacro %}


{# Stops with a sentence where a format leaves open what a text means. #}
{% macro check_format(format, order, feed) -%}
{%- set wrong = [] -%}
{%- for same, needed in [
    (['%Y', '%y'], true), (['%m', '%b', '%B'], true), (['%d'], true), (['%H', '%I'], false), (['%M'], false),
    (['%S'], false), (['%f'], false), (['%p'], false), (['%z', '%Z'], false),
] -%}
    {%- set count = order | select('in', same) | list | length -%}
    {%- if count > 1 or needed and count == 0 -%}
        {%- do wrong.append('must have each of %Y (or %y), %m (or %b) and %d, and nothing twice') -%}
    {%- endif -%}
{%- endfor -%}
{%- if ('%I' in order) != ('%p' in order) -%}
    {%- do wrong.append('must have %I and %p together') -%}
{%- endif -%}
{%- if '%y' in order and feed.get('year_pivot') is none -%}
    {%- do wrong.append('has %y: say up to which year it means 20xx, as in year_pivot: 68') -%}
{%- endif -%}
{%- if wrong -%}
    {%- do exceptions.raise_compiler_error("The format '" ~ format ~ "' " ~ wrong[0] ~ '.') -%}
{%- endif -%}
{%- endmacro %}


{# A number with its leading zero: '5' -> '05'. #}
{% macro two_digits(number) -%}
lpad({{ number }}, 2, '0')
{%- endmacro %}


{# Of two digits up to the pivot a year of this century, of later ones of the last: '26' -> '2026', '97' -> '1997'. #}
{% macro year_of_two_digits(digits, pivot) -%}
case when {{ digits }} <= '{{ '%02d' | format(pivot) }}' then '20' else '19' end || {{ digits }}
{%- endmacro %}


{# The number of a month by the first three letters of its name: 'Sept' -> '09'. #}
{% macro month_of_name(name) -%}
case {{ lower_ascii('substring(' ~ name ~ ', 1, 3)') }}
    {%- for month in ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] %}
    when '{{ month }}' then '{{ '%02d' | format(loop.index) }}'
    {%- endfor %}
end
{%- endmacro %}


{# The hour of the day by a clock of twelve hours: 12 am -> '00', 12 下午 -> '12', 1 pm -> '13'. #}
{% macro hour_of_twelve(hour, half) -%}
lpad(cast(
    mod(try_cast({{ hour }} as bigint), 12)
    + case when {{ lower_ascii('substring(' ~ half ~ ', 1, 1)') }} in ('p', '下') then 12 else 0 end
as string), 2, '0')
{%- endmacro %}
