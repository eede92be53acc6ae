"""Who may open what: written by hand, on purpose; what a view says of itself is not asked.

An address or operation that stands in none of these tables fails `test_permissions.py`.
"""

from __future__ import annotations

from typing import Any

from userops.workspace.roles import Permission

P = Permission

PAGES: dict[str, Permission] = {
    **dict.fromkeys(
        [
            "insights:overview",
            "insights:overview_group",
            "insights:values",
            "insights:cancel",
            "insights:new",
            "insights:saved",
            "insights:saved_one",
            "insights:dashboards",
            "insights:dashboard",
            "insights:card",
            "alerts:list",
            "alerts:one",
            "annotations:list",
            "audience:facts",
            "annotations:one",
            "insights:trend",
            "insights:funnel",
            "insights:retention",
            "insights:lifecycle",
            "insights:correlation",
            "insights:ltv",
            "insights:churn",
            "insights:rfm",
            "insights:paths",
            "insights:traits",
            "insights:change",
            "insights:attribution",
            "insights:stickiness",
            "insights:sessions",
            "insights:distribution",
            "insights:interval",
            "insights:trend_file",
            "insights:funnel_file",
            "insights:retention_file",
            "insights:lifecycle_file",
            "insights:correlation_file",
            "insights:ltv_file",
            "insights:churn_file",
            "insights:rfm_file",
            "insights:paths_file",
            "insights:traits_file",
            "insights:change_file",
            "insights:attribution_file",
            "insights:stickiness_file",
            "insights:sessions_file",
            "insights:distribution_file",
            "insights:interval_file",
            "collect:catalogue",
            "collect:catalogue-event",
            "collect:catalogue-property",
        ],
        P.VIEW,
    ),
    **dict.fromkeys(
        [
            "alerts:new",
            "alerts:edit",
            "alerts:change",
            "annotations:create",
            "audience:facts-refresh",
            "annotations:change",
            "annotations:delete",
            "insights:save",
            "insights:delete_many",
            "insights:change_saved",
            "insights:delete_saved",
            "insights:create_dashboard",
            "insights:change_dashboard",
            "insights:keep_range",
            "insights:delete_dashboard",
            "insights:add_card",
            "insights:arrange",
            "insights:change_card",
        ],
        P.ANALYSE,
    ),
    **dict.fromkeys(
        [
            "insights:trend_people",
            "insights:funnel_people",
            "insights:retention_people",
            "insights:lifecycle_people",
            "insights:correlation_people",
            "insights:ltv_people",
            "insights:churn_people",
            "insights:rfm_people",
            "insights:paths_people",
            "insights:traits_people",
            "insights:change_people",
            "insights:attribution_people",
            "insights:stickiness_people",
            "insights:sessions_people",
            "insights:distribution_people",
            "insights:sql",
            "insights:sql_run",
            "insights:sql_inputs",
            "insights:sql_cancel",
            "insights:sql_save",
            "insights:sql_change",
            "insights:sql_delete",
            "insights:sql_history",
            "insights:sql_forget",
            "insights:interval_people",
            "audience:users",
            "audience:user",
        ],
        P.SEE_PEOPLE,
    ),
    **dict.fromkeys(
        [
            "collect:sources",
            "collect:live",
            "collect:imports",
            "collect:import-upload",
            "collect:import-new",
            "collect:import-check",
            "collect:import-checked",
            "collect:import-start",
            "collect:import",
            "collect:import-cancel",
            "collect:import-resume",
            "collect:quality",
            "collect:quality-report",
            "collect:quarantine",
            "collect:quarantine-replay",
            "audience:facts-configure",
        ],
        P.MANAGE_DATA,
    ),
    **dict.fromkeys(
        [
            "notices:channels",
            "notices:change-channel",
            "collect:create-key",
            "collect:revoke-key",
            "audience:merge",
            "audience:unmerge",
        ],
        P.MANAGE_SOURCES,
    ),
    **dict.fromkeys(
        ["audience:export", "collect:quarantine-export", "insights:sql_file"], P.EXPORT_PEOPLE
    ),
    **dict.fromkeys(
        ["audience:erase", "collect:import-remove", "collect:quarantine-discard"], P.ERASE
    ),
}
"""Pages of one product."""

WORKSPACE = [
    "workspace:members",
    "workspace:role",
    "workspace:remove",
    "workspace:withdraw",
    "workspace:products",
    "workspace:product",
    "workspace:log",
]
"""For administrators only."""
MEMBERS = [
    "workspace:home",
    "workspace:account",
    "workspace:tokens",
    "workspace:revoke",
    "notices:inbox",
    "notices:open",
    "notices:read",
    "patterns",
]
"""For everybody who is logged in, about themselves."""
PUBLIC = [
    "workspace:join",
    "clickhouse",
    "clickhouse_bare",
    "clickhouse_ping",
    "preferences",
    "api:openapi-json",
    "api:openapi-view",
    "api:api-root",
]
"""For everybody; `join` needs its secret, `clickhouse` a token, which `api/test_clickhouse.py` tests."""
ALLAUTH = ("account_", "mfa_")
CAPTURE = "userops.collect.capture_view"
"""The collectors: a write key is asked for each product, tested there."""

QUERY = {"kind": "trend", "product": "SLUG", "series": [{"event": "e"}]}
API: dict[str, tuple[Permission, Any]] = {
    "POST query": (P.VIEW, QUERY),
    "POST query/explain": (P.VIEW, QUERY),
    "POST query/people": (P.SEE_PEOPLE, {"document": QUERY}),
    "POST products/<slug:product>/sql": (P.SEE_PEOPLE, {"text": "select 1"}),
    "GET products/<slug:product>": (P.VIEW, None),
    "PATCH products/<slug:product>": (P.MANAGE_WORKSPACE, {}),
    "GET products/<slug:product>/write-keys": (P.MANAGE_SOURCES, None),
    "POST products/<slug:product>/write-keys": (P.MANAGE_SOURCES, {"name": "k"}),
    "DELETE products/<slug:product>/write-keys/<key>": (P.MANAGE_SOURCES, None),
    "GET products/<slug:product>/members": (P.MANAGE_WORKSPACE, None),
    "POST products/<slug:product>/members": (
        P.MANAGE_WORKSPACE,
        {"email": "new@example.com", "role": "lead"},
    ),
    "PATCH products/<slug:product>/members/<member>": (P.MANAGE_WORKSPACE, {"role": "lead"}),
    "DELETE products/<slug:product>/members/<member>": (P.MANAGE_WORKSPACE, None),
    "GET products/<slug:product>/events": (P.VIEW, None),
    "PATCH products/<slug:product>/events/<event>": (P.ANALYSE, {}),
    "GET products/<slug:product>/properties": (P.VIEW, None),
    "PATCH products/<slug:product>/properties/<entry>": (P.ANALYSE, {}),
    "GET products/<slug:product>/users": (P.SEE_PEOPLE, None),
    "GET products/<slug:product>/users/<uid>": (P.SEE_PEOPLE, None),
    "GET products/<slug:product>/users/<uid>/events": (P.SEE_PEOPLE, None),
    "GET products/<slug:product>/users/<uid>/export": (P.EXPORT_PEOPLE, None),
    "POST products/<slug:product>/users/<uid>/erase": (P.ERASE, {"confirm": "x"}),
    "POST products/<slug:product>/users/<uid>/merge": (P.MANAGE_SOURCES, {"id": "x"}),
    "DELETE products/<slug:product>/merges/<merge>": (P.MANAGE_SOURCES, None),
    "GET products/<slug:product>/facts": (P.VIEW, None),
    "POST products/<slug:product>/facts/refresh": (P.ANALYSE, None),
    "GET products/<slug:product>/facts/settings": (P.VIEW, None),
    "PUT products/<slug:product>/facts/settings": (P.MANAGE_DATA, {}),
    "GET products/<slug:product>/imports": (P.MANAGE_DATA, None),
    "POST products/<slug:product>/imports": (P.MANAGE_DATA, "file"),
    "GET products/<slug:product>/imports/<run>": (P.MANAGE_DATA, None),
    "POST products/<slug:product>/imports/<run>/cancel": (P.MANAGE_DATA, None),
    "GET products/<slug:product>/imports/<run>/report": (P.MANAGE_DATA, None),
    "GET products/<slug:product>/quarantine": (P.MANAGE_DATA, None),
    "POST products/<slug:product>/quarantine/replay": (P.MANAGE_DATA, {}),
    "GET products/<slug:product>/alerts": (P.VIEW, None),
    "POST products/<slug:product>/alerts": (P.ANALYSE, {"analysis": 1, "name": "a"}),
    "GET products/<slug:product>/alerts/<alert>": (P.VIEW, None),
    "PUT products/<slug:product>/alerts/<alert>": (P.ANALYSE, {"name": "a"}),
    "PATCH products/<slug:product>/alerts/<alert>": (P.ANALYSE, {}),
    "DELETE products/<slug:product>/alerts/<alert>": (P.ANALYSE, None),
    "GET products/<slug:product>/alerts/<alert>/checks": (P.VIEW, None),
    "POST products/<slug:product>/alerts/<alert>/check": (P.ANALYSE, None),
    "POST products/<slug:product>/alerts/<alert>/test": (P.ANALYSE, None),
    "GET products/<slug:product>/channels": (P.ANALYSE, None),
    "POST products/<slug:product>/channels": (
        P.MANAGE_SOURCES,
        {"name": "c", "address": "jsons://example.com/x"},
    ),
    "DELETE products/<slug:product>/channels/<channel>": (P.MANAGE_SOURCES, None),
    "GET products/<slug:product>/annotations": (P.VIEW, None),
    "POST products/<slug:product>/annotations": (
        P.ANALYSE,
        {"kind": "release", "text": "1.0", "begins": "2026-01-05"},
    ),
    "PATCH products/<slug:product>/annotations/<annotation>": (P.ANALYSE, {}),
    "DELETE products/<slug:product>/annotations/<annotation>": (P.ANALYSE, None),
    "GET products/<slug:product>/analyses": (P.VIEW, None),
    "GET products/<slug:product>/analyses/<analysis>": (P.VIEW, None),
    "GET products/<slug:product>/dashboards": (P.VIEW, None),
    "GET products/<slug:product>/dashboards/<dashboard>": (P.VIEW, None),
}
"""Operations on one product: what they need, and a body that they take."""
API_OWN = ("GET analyses", "GET products", "POST query/cancel")
"""Of the caller alone."""
API_ADMIN = ("POST products",)
API_LOCAL: dict[str, Any] = {
    "POST products/<slug:product>/imports/from-path": {"path": "/x", "user": "u"},
    "POST local/<errand>": {},
}
"""For the server's own machine; refused to the tokens of people."""
API_PUBLIC = ("GET health",)
