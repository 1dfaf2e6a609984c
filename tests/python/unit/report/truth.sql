-- What a demo world knows of the marts of regulars.sql: people's accounts, and planted faults.
create table person_accounts as
from (values
    ('crm:1', 'anna'), ('shop:1', 'anna'), ('shop:2', 'anna'), ('crm:6', 'anna'), ('crm:2', 'ben'),
    ('crm:3', 'chen'), ('shop:4', 'chen'), ('crm:5', 'dora')
) as truth (account_id, person_id);

-- The marts hold no rows of the source crm.
create table expected_quarantine as
from (values
    ('pos', 'orders', 'validation', 'negative', 4::bigint),
    ('shop', 'orders', 'landing', 'bad_date', 3),
    ('shop', 'orders', 'landing', 'invalid_json', 2),
    ('crm', 'accounts', 'validation', 'key_missing', 5)
) as truth (source_system, entity, caught_at, reason_code, row_count);

-- Who came by e-mail bought for 40 what would not have been bought; search brought nothing.
create table channel_effects as
from (values ('email', 40.00), ('search', 0.00), ('direct', 0.00)) as truth (channel, caused_amount);

-- Two complaints about quality: the mean of both is −30 points. The third is too young to be judged.
create table complaint_effects as
from (values ('shop:1', 'quality', -0.25), ('shop:2', 'quality', -0.35), ('shop:3', 'quality', -0.9)) as truth (order_id, reason, repurchase_effect);
