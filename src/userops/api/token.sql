-- The active member behind a token that is alive; `token_used`: whether it is known to have been used of late.
select
    member.*,
    token.id as token,
    token.scopes as token_scopes,
    coalesce(token.last_used > %s, false) as token_used
from workspace_apitoken as token
join workspace_user as member on member.id = token.user_id
where token.digest = %s
    and token.revoked is null
    and (token.expires is null or token.expires > %s)
    and member.is_active
