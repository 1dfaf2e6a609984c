{#
  The fields of the golden record, each with the text in which the accounts' values are compared; phone and e-mail address are
  as `int_account_contacts` has read them.

  Why: the rules of `golden_record_rules` name these fields, and a test sees to it that none is missing. A day that forms and
  systems write for no birth date is none: whoever has it would have an age and be congratulated.
  Example: {% for field, text in golden_record_fields().items() %} … {% endfor %}
#}
{% macro golden_record_fields() -%}
{%- set birth_date = 'cast(' ~ plausible_birth_date('birth_date', 'registered_on') ~ ' as string)' -%}
{%- set defaults = "('" ~ var('default_birth_dates') | join("', '") ~ "')" -%}
{{ return({
    'full_name': 'full_name',
    'gender': 'gender',
    'age_range': 'age_range',
    'income_range': 'income_range',
    'household_type': 'household_type',
    'birth_date': 'case when ' ~ birth_date ~ ' not in ' ~ defaults ~ ' then ' ~ birth_date ~ ' end',
    'city': 'city',
    'address': 'address',
    'postcode': 'postcode',
    'phone': 'contact_phone',
    'email': 'contact_address',
    'membership_tier': 'membership_tier',
    'membership_expires_on': 'cast(membership_expires_on as string)',
    'acquisition_channel': 'acquisition_channel',
}) }}
{%- endmacro %}
