{#
  An e-mail address with plain characters and small ASCII letters; null when it can't be one: it needs
  something before its only '@', and a domain with a dot behind it.

  Example: {{ email_address('email') }}   ' Ann.Wu@Example.com' -> 'ann.wu@example.com', 'unknown' -> null
#}
{% macro email_address(text) -%}
{%- set part = '[^@ ,;:<>()]+' -%}
{%- set label = '[^@ ,;:<>().]+' -%}
{%- set typed = lower_ascii(plain_characters(text)) -%}
nullif({{ regex_part(typed, '^(?:mailto:)?(' ~ part ~ '@' ~ label ~ '(?:[.]' ~ label ~ ')+)$', 1) }}, '')
{%- endmacro %}


{#
  The address under which a mailbox has one name only, by the seed email_domain_rules: some domains
  ignore dots, and some what follows a '+' or another separator. Without a rule the address itself.

  `rules` is the alias of the rule of the address's domain, left joined:
  left join {{ ref('email_domain_rules') }} as rules on split_part(address, '@', 2) = rules.domain
  Example: {{ canonical_email('address', 'rules') }}   'ann.wu+shop@googlemail.com' -> 'annwu@gmail.com'
#}
{% macro canonical_email(address, rules) -%}
{%- set mailbox = "split_part(" ~ address ~ ", '@', 1)" -%}
{%- set untagged = "nullif(split_part(" ~ mailbox ~ ", " ~ rules ~ ".tag_separator, 1), '')" -%}
{%- set untagged = "coalesce(" ~ untagged ~ ", " ~ mailbox ~ ")" -%}
case
    when {{ rules }}.domain is null then {{ address }}
    when {{ rules }}.ignores_dots
        then replace({{ untagged }}, '.', '') || '@' || {{ rules }}.canonical_domain
    else {{ untagged }} || '@' || {{ rules }}.canonical_domain
end
{%- endmacro %}
