"""Rows of the literature on forecasting, as published, with the protocol each of them has."""

from __future__ import annotations

from dataclasses import dataclass

#: The protocol all rows are told apart by.
RULE_A = "rule A (windows of two whole tracks or more), Social GAN files, minimum per person"
RULE_B = "rule B (every window), Social GAN files, minimum per person"
SCENE_MINIMUM = "rule A, Social GAN files, one sample for the whole window"


@dataclass(frozen=True)
class Published:
    """Mean over the five scenes, m, of the best of 20; pixels on the 2,829 windows of the Stanford Drone Dataset."""

    name: str
    ade: float
    fde: float
    protocol: str
    sdd: tuple[float, float] | None = None
    measured: bool = False


ROWS = (
    Published("Social GAN (2018)", 0.61, 1.21, SCENE_MINIMUM, (27.23, 41.44)),
    Published("Conditional Speed GAN (2021)", 0.469, 0.928, SCENE_MINIMUM, measured=True),
    Published("Social-STGCNN (2020)", 0.44, 0.75, RULE_A),
    Published("Trajectron++ (2020), derivative leak removed", 0.30, 0.51, RULE_B, (10.65, 16.74)),
    Published("PECNet (2020)", 0.29, 0.48, RULE_B, (9.96, 15.88)),
    Published("GraphTERN (2023)", 0.224, 0.337, RULE_A + "; samples clustered", measured=True),
    Published("NPSN-SGCN (2022)", 0.213, 0.360, RULE_A + "; samples learned", measured=True),
    Published("AgentFormer (2021)", 0.23, 0.39, RULE_B, (8.24, 15.21)),
    Published("MemoNet (2022)", 0.21, 0.35, RULE_B + "; samples clustered", (8.56, 12.66)),
    Published("LED (2023)", 0.21, 0.33, RULE_B, (8.48, 11.66)),
    Published("TUTR (2023)", 0.21, 0.36, RULE_B + "; checkpoint chosen on the test scene", (7.76, 12.69)),
    Published("EigenTrajectory (2023)", 0.21, 0.34, RULE_A),
    Published("SingularTrajectory (2024)", 0.21, 0.32, RULE_A, (7.58, 12.6)),
    Published("MoFlow (2025)", 0.20, 0.32, RULE_B, (7.5, 12.0)),
    Published("NMRF (2025)", 0.193, 0.317, "ETH at its true rate", (7.10, 11.11)),
    Published("SocialCircle (2024)", 0.18, 0.29, "ETH at its true rate; own split of SDD", (6.54, 10.36)),
    Published("Y-net (2021)", 0.18, 0.27, "own filtered files; 10,000 goals clustered", (7.85, 11.85)),
)
