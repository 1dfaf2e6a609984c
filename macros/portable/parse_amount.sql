{#
  The amount of money that a text means, as its feed writes amounts; null when it can't be read.

  What: the keys `amounts` of the feed: decimal_sign, '.' unless declared; grouping_sign, between groups of
  three digits, or of two before the last three as in India; negative, [parentheses, trailing_minus];
  currency_signs, before or behind. Blanks around, digits of full width and a typographic minus are read always.
  Why: 1.234 is a thousand in one feed and a good one in the next, so that nothing is guessed.
  Example: {{ parse_amount('total', feed('shop', 'orders')) }}   '($1,200.00)' -> -1200.00
#}
{% macro parse_amount(text, feed, scale=2) -%}
{%- set declared = feed.get('amounts', {}) -%}
{%- set decimal_sign, grouping_sign = plain_sign(declared.get("decimal_sign", ".")), plain_sign(declared.get('grouping_sign', '')) -%}
{%- set decimal, group = '[' ~ decimal_sign ~ ']', '[' ~ grouping_sign ~ ']' -%}
{%- set whole = '[0-9]+' -%}
{%- if grouping_sign -%}
    {%- set whole = whole ~ '|[0-9]{1,3}(?:' ~ group ~ '[0-9]{3})+|[0-9]{1,2}(?:' ~ group ~ '[0-9]{2})+' ~ group ~ '[0-9]{3}' -%}
{%- endif -%}
{%- set number = '((?:' ~ whole ~ ')(?:' ~ decimal ~ '[0-9]*)?|' ~ decimal ~ '[0-9]+)((?:[eE][-+]?[0-9]+)?)' -%}
{%- set negative = declared.get('negative', []) -%}
{%- set before = '([-+' ~ ('(' if 'parentheses' in negative) ~ ']?)' -%}
{%- set behind = '([' ~ ('-' if 'trailing_minus' in negative) ~ (')' if 'parentheses' in negative) ~ ']?)' if negative else '()' -%}
{%- set currencies = [] -%}
{%- for sign in declared.get('currency_signs', []) -%}
    {%- do currencies.append(modules.re.sub('([.+*?()|{}$])', '[\\1]', plain_sign(sign))) -%}
{%- endfor -%}
{%- set currency = '(?:' ~ currencies | join('|') ~ ')?' -%}
{%- set pattern = '^ *' ~ [before, currency, before, number, behind, currency, behind] | join(' *') ~ ' *$' -%}
{%- set plain = plain_amount(text) -%}
{%- set digits = "replace(replace(" ~ regex_part(plain, pattern, 3) ~ ", '" ~ grouping_sign ~ "', ''), '" ~ decimal_sign ~ "', '.')" -%}
{%- set signs = [] -%}
{%- for part in [1, 2, 5, 6] -%}
    {%- do signs.append(regex_part(plain, pattern, part)) -%}
{%- endfor -%}
{%- set sign -%}
case {{ signs | join(' || ') }} when '' then '' when '+' then '' when '-' then '-' when '()' then '-' end
{%- endset -%}
{%- set read = parse_decimal(sign ~ ' || ' ~ digits ~ ' || ' ~ regex_part(plain, pattern, 4), scale) -%}
{{ 'coalesce(' ~ parse_decimal(text, scale) ~ ', ' ~ read ~ ')' if decimal_sign == '.' else read }}
{%- endmacro %}


{# An amount with the signs and blanks that keyboards of other scripts type as plain ones. #}
{% macro plain_amount(text) -%}
translate(replace({{ text }}, chr(39), '’'), '{{ odd_in_amounts()[0] }}', '{{ odd_in_amounts()[1] }}')
{%- endmacro %}


{# A sign as plain_amount leaves it. #}
{% macro plain_sign(sign) -%}
{%- set odd, plain = odd_in_amounts() -%}
{%- set found = [] -%}
{%- for character in sign | replace("'", '’') -%}
    {%- do found.append(plain[odd.index(character)] if character in odd else character) -%}
{%- endfor -%}
{{ return(found | join) }}
{%- endmacro %}


{# Digits and signs of full width, minus signs of print, and blanks, with what is meant by each. #}
{% macro odd_in_amounts() -%}
{{ return([
    '０１２３４５６７８９．，＋－（）＄￥￡￠￦−‐‑–\t\u00a0\u2007\u2009\u202f\u3000',
    '0123456789.,+-()$¥£¢₩----      ',
]) }}
{%- endmacro %}
