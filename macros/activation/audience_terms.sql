{#
  What the file of an audience declares in its `meta.audience`, checked:
  purpose        what people are contacted for, as in their consent: marketing (the default) or one of your own
  channel        how they are contacted: one of the seed contact_channels
  holdout_share  the share that is left alone to measure by (0 to 0.5, 0.1 by default); 0 measures nothing
  max_members    the most that are addressed at once, those of the highest value first; no limit by default
  is_personal    whether what is said is chosen for each person alone (true by default): then who said no to that is left out
  formats        for whom `regulars audiences` writes files, which alone reads it: crm (the default); google, meta and tiktok where
                 the channel is ads, since who agreed to a text message did not agree to be shown to a platform

  Why a macro: the terms stand beside the rule, and what can't be meant stops dbt with one sentence.
  Example: {%- set terms = audience_terms('win_back') %}   {purpose: marketing, channel: sms, …}
#}
{% macro audience_terms(audience) -%}
{%- set terms = {'purpose': 'marketing', 'channel': none, 'holdout_share': 0.1, 'max_members': none, 'is_personal': true} -%}
{%- set node = graph.get('nodes', {}).get('model.' ~ project_name ~ '.audience_' ~ audience) if execute else none -%}
{%- if node -%}
    {%- set told = node.config.meta.get('audience') or {} -%}
    {%- set file = 'models/activation/audiences/audience_' ~ audience ~ '.yml' -%}
    {%- for term in told if term not in terms and term != 'formats' -%}
        {%- do exceptions.raise_compiler_error(file ~ ' has the term ' ~ term ~ ': choose of ' ~ (terms | list + ['formats']) | join(', ') ~ '.') -%}
    {%- endfor -%}
    {%- do terms.update(told) -%}
    {%- if terms.is_personal is not boolean -%}
        {%- do exceptions.raise_compiler_error(file ~ ' has is_personal ' ~ terms.is_personal ~ ': choose true or false.') -%}
    {%- endif -%}
    {%- if not terms.channel -%}
        {%- do exceptions.raise_compiler_error(file ~ ' names no channel: write `channel: sms` below `meta: audience:`.') -%}
    {%- endif -%}
    {%- if terms.holdout_share is not number or terms.holdout_share < 0 or terms.holdout_share > 0.5 -%}
        {%- do exceptions.raise_compiler_error(file ~ ' has the holdout_share ' ~ terms.holdout_share ~ ': choose a share from 0 to 0.5.') -%}
    {%- endif -%}
    {%- if terms.max_members is not none and (terms.max_members is not integer or terms.max_members < 1) -%}
        {%- do exceptions.raise_compiler_error(file ~ ' has max_members ' ~ terms.max_members ~ ': choose a whole number from 1 on, or leave it out.') -%}
    {%- endif -%}
{%- endif -%}
{{ return(terms) }}
{%- endmacro %}
