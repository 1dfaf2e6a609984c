{#
  contact_key   The key of an account of which a source tells only a phone or an e-mail address, qualified by the source;
                null without one. `contact` is SQL that gives it in its one form, as normalise_phone and email_address do.
                Example: {{ contact_key('youzan', normalise_phone('buyer_phone')) }}
                '137 2222 0009' -> 'youzan:' and 32 digits
  contact_hash  The hash in it. Example: {{ contact_hash('email') }}

  Why: account keys are published, contact data is not. A hash hides it from readers, and hides it from those who try
  all phone numbers only with a `contact_key_salt` of one's own.
#}
{% macro contact_key(issuer, contact) -%}
'{{ issuer }}:' || {{ contact_hash(contact) }}
{%- endmacro %}


{% macro contact_hash(contact) -%}
md5('{{ var('contact_key_salt') }}' || {{ contact }})
{%- endmacro %}
