{#
  The parts of a text in a declared format, each as SQL of its digits: year, month, day, hour, minute,
  second, fraction and zone, those that the format has.

  What: %Y %m %d %H %M %S %f, which may lack a leading zero where something stands between them; %y by
  the feed's `year_pivot`; %b %B, English names of months; %I %p, a clock of twelve hours; %z %Z, an
  offset or a zone of zone_pattern; %a %A, days of the week, which are not looked at. A blank stands for
  one or more, and those around the text don't matter.
  Why: a day that is written first is never guessed to be a month, and the other way round.
  Example: {{ format_parts('sold_at', '%d.%m.%y %H:%M', {'year_pivot': 68}).year }}
#}
{% macro format_parts(text, format, feed) -%}
{%- set month = '(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?'
    ~ '|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)' -%}
{%- set weekday = '(?i:(?:mon|tue(?:s)?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)[.]?' -%}
{%- set known = {
    '%Y': '([1-9][0-9]{3})', '%y': '([0-9]{2})', '%m': '([0-9]{1,2})', '%b': '(' ~ month ~ ')[.]?',
    '%B': '(' ~ month ~ ')[.]?', '%d': '([0-9]{1,2})', '%H': '([01]?[0-9]|2[0-3])', '%I': '(0?[1-9]|1[0-2])',
    '%M': '([0-9]{1,2})', '%S': '([0-9]{1,2})', '%f': '([0-9]{1,9})', '%p': '((?i:[ap][.]?m[.]?)|上午|下午)',
    '%z': '(' ~ zone_pattern(feed) ~ ')', '%Z': '(' ~ zone_pattern(feed) ~ ')', '%a': weekday, '%A': weekday,
} -%}
{%- set numbers = ['%Y', '%y', '%m', '%d', '%H', '%I', '%M', '%S', '%f'] -%}
{%- set pattern, order = [], [] -%}
{%- set tokens = modules.re.findall('%.|.', format) -%}
{%- for token in tokens -%}
    {%- if token in known -%}
        {%- set touches = loop.previtem in numbers or loop.nextitem in numbers -%}
        {%- do pattern.append('([0-9]{2})' if touches and token in numbers and token not in ['%Y', '%f'] else known[token]) -%}
        {%- do order.append(token) if token not in ['%a', '%A'] -%}
    {%- elif token == ' ' -%}
        {%- do pattern.append('[ \u00a0\u202f]+') -%}
    {%- elif token | length > 1 or token in '[]^\\' ~ "'" -%}
        {%- do exceptions.raise_compiler_error("The format '" ~ format ~ "' has " ~ token ~ ': use ' ~ known | join(' ') ~ ' and plain characters.') -%}
    {%- else -%}
        {%- do pattern.append('[' ~ token ~ ']' if token in '.+*?()|{}$' else token) -%}
    {%- endif -%}
{%- endfor -%}
{%- do check_format(format, order, feed) -%}
{%- set found = {} -%}
{%- for token in order -%}
    {%- do found.update({token: regex_part(text, '^[ \t]*' ~ pattern | join ~ '[ \t]*$', loop.index)}) -%}
{%- endfor -%}
{%- set parts = {} -%}
{%- for part, token in {'month': '%m', 'day': '%d', 'hour': '%H', 'minute': '%M', 'second': '%S'}.items() if token in found -%}
    {%- do parts.update({part: 'lpad(' ~ found[token] ~ ", 2, '0')"}) -%}
{%- endfor -%}
{%- for part, tokens in {'year': ['%Y'], 'fraction': ['%f'], 'zone': ['%z', '%Z']}.items() -%}
    {%- for token in tokens if token in found -%}
        {%- do parts.update({part: found[token]}) -%}
    {%- endfor -%}
{%- endfor -%}
{%- if '%y' in found -%}
    {%- do parts.update({'year': year_of_two_digits(found['%y'], feed.year_pivot)}) -%}
{%- endif -%}
{%- if '%b' in found or '%B' in found -%}
    {%- do parts.update({'month': month_of_name(found.get('%b') or found.get('%B'))}) -%}
{%- endif -%}
{%- if '%I' in found -%}
    {%- do parts.update({'hour': hour_of_twelve(found['%I'], found['%p'])}) -%}
{%- endif -%}
{{ return(parts) }}
{%- endmacro %}


{# Stops with a sentence where a format leaves open what a text means. #}
{% macro check_format(format, order, feed) -%}
{%- set wrong = [] -%}
{%- set once = [['%Y', '%y'], ['%m', '%b', '%B'], ['%d']] -%}
{%- for tokens in once -%}
    {%- do wrong.append('must have each of %Y (or %y), %m (or %b) and %d, and nothing twice')
        if order | select('in', tokens) | list | length != 1 -%}
{%- endfor -%}
{%- for tokens in [['%H', '%I'], ['%M'], ['%S'], ['%f'], ['%p'], ['%z', '%Z']] -%}
    {%- do wrong.append('must have nothing twice') if order | select('in', tokens) | list | length > 1 -%}
{%- endfor -%}
{%- do wrong.append('must have %I and %p together') if ('%I' in order) != ('%p' in order) -%}
{%- do wrong.append('has %y: say up to which year it means 20xx, as in year_pivot: 68')
    if '%y' in order and feed.get('year_pivot') is none -%}
{%- if wrong -%}
    {%- do exceptions.raise_compiler_error("The format '" ~ format ~ "' " ~ wrong[0] ~ '.') -%}
{%- endif -%}
{%- endmacro %}


{# Of two digits up to the pivot this century's year, of later ones the last's: '26' -> '2026', '97' -> '1997'. #}
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
