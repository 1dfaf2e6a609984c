{#
  Materializes the parts of groups that hold too much: links are followed from the strongest to the
  weakest, and one is cut when it would bring together accounts that contradict each other, or more
  accounts than a person has.

  What: the model's SQL gives links (account_id, other_account_id, match_weight, link_rank from 1 for
  the strongest, is_forced by a decision). The table has one row per account of a link: `account_id`, and `cluster`, its
  smallest account.
  How: Kruskal's order, many links at a time. In a round, a link is decided when it is the strongest one left
  of both its clusters: all that could change the decision has been decided before. What may not be
  joined now may not be later, since clusters only grow. So the result is that of one link after the other.
  After 200 rounds what is undecided stays apart.
  Why so: whoever is cut off is joined by the weakest evidence, and the parts don't depend on the order of rows.
#}
{% materialization guarded_components, default %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set steps = {'made': []} -%}
    {%- set rules = guarded_refused('best', 'members') ~ guarded_left('links', 'best', 'refused', 'members') -%}
    {%- call(former) unless_kept('table', sql ~ rules) -%}
        {%- set first = components_step(steps, 'links_0', guarded_links(sql)) -%}
        {%- set now = namespace(links=first, members=components_step(steps, 'members_0', guarded_members(first))) -%}
        {%- for round in range(200) -%}
            {%- if not components_has_edges(now.links) -%}
                {%- break -%}
            {%- endif -%}
            {%- set best = components_step(steps, 'best_' ~ round, guarded_best(now.links)) -%}
            {%- set refused = components_step(steps, 'refused_' ~ round, guarded_refused(best, now.members)) -%}
            {%- set now.members = components_step(steps, 'members_' ~ (round + 1), guarded_merged(now.members, best, refused)) -%}
            {%- set now.links = components_step(steps, 'links_' ~ (round + 1), guarded_left(now.links, best, refused, now.members)) -%}
        {%- endfor -%}

        {%- do adapter.dispatch('components_replace')(
            former.existing, target_relation, 'select * from ' ~ now.members, steps
        ) -%}
    {%- endcall -%}

    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}


{# Links between clusters, at first of one account each. #}
{% macro guarded_links(links) -%}
select
    account_id as cluster,
    other_account_id as other_cluster,
    match_weight,
    link_rank,
    is_forced
from ({{ links }}) as given_links
{%- endmacro %}

{% macro guarded_members(links) -%}
select cluster as account_id, cluster from {{ links }}
union
select other_cluster, other_cluster from {{ links }}
{%- endmacro %}


{# The links that are the strongest of both their clusters. #}
{% macro guarded_best(links) -%}
with strongest as (

    select cluster, min(link_rank) as link_rank
    from (
        select cluster, link_rank from {{ links }}
        union all
        select other_cluster, link_rank from {{ links }}
    ) as ends
    group by cluster

)

select links.*
from {{ links }} as links
inner join strongest on links.cluster = strongest.cluster and links.link_rank = strongest.link_rank
inner join strongest as others on links.other_cluster = others.cluster and links.link_rank = others.link_rank
{%- endmacro %}


{# Of these, the links that may not be followed. #}
{% macro guarded_refused(best, members) -%}
with pairs as (

    select
        best.link_rank,
        best.match_weight,
        best.is_forced,
        least(members.account_id, others.account_id) as account_id,
        greatest(members.account_id, others.account_id) as other_account_id
    from {{ best }} as best
    inner join {{ members }} as members on best.cluster = members.cluster
    inner join {{ members }} as others on best.other_cluster = others.cluster

),

{{ compared_accounts('pairs', ['link_rank', 'match_weight', 'is_forced']) }},

decided as (

    select
        compared.*,
        decisions.decision
    from compared
    left join {{ ref('int_identity_overrides') }} as decisions
        on compared.account_id = decisions.account_id
        and compared.other_account_id = decisions.other_account_id

)

select distinct link_rank from decided
where decision = 'must_not_link'
    or ({{ is_contradicted('contradiction', 'match_weight') }} and not is_forced)
{%- endmacro %}


{# Both clusters of a link that is followed take the name of the smaller. #}
{% macro guarded_merged(members, best, refused) -%}
select
    members.account_id,
    coalesce(best.cluster, members.cluster) as cluster
from {{ members }} as members
left join (
    select cluster, other_cluster from {{ best }} anti join {{ refused }} using (link_rank)
) as best on members.cluster = best.other_cluster
{%- endmacro %}


{#
  The links that are not decided yet, the strongest between two clusters standing for all. Those that would
  make a cluster too large are decided: clusters only grow.
#}
{% macro guarded_left(links, best, refused, members) -%}
with followed as (

    select cluster, other_cluster from {{ best }} anti join {{ refused }} using (link_rank)

),

undecided as (

    select
        coalesce(lefts.cluster, links.cluster) as cluster,
        coalesce(rights.cluster, links.other_cluster) as other_cluster,
        links.match_weight,
        links.link_rank,
        links.is_forced
    from {{ links }} as links
    anti join {{ refused }} as refused on links.link_rank = refused.link_rank
    left join followed as lefts on links.cluster = lefts.other_cluster
    left join followed as rights on links.other_cluster = rights.other_cluster

),

strongest as (

    select
        least(cluster, other_cluster) as cluster,
        greatest(cluster, other_cluster) as other_cluster,
        max(match_weight) as match_weight,
        min(link_rank) as link_rank,
        bool_or(is_forced) as is_forced
    from undecided
    where cluster <> other_cluster
    group by least(cluster, other_cluster), greatest(cluster, other_cluster)

),

sizes as (

    select cluster, count(*) as account_count from {{ members }} group by cluster

)

select strongest.*
from strongest
inner join sizes on strongest.cluster = sizes.cluster
inner join sizes as others on strongest.other_cluster = others.cluster
where strongest.is_forced
    or sizes.account_count + others.account_count <= {{ var('identity_max_accounts') }}
{%- endmacro %}
