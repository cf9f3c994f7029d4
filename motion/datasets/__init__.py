"""Training data: readers of the public corpora, retargeting to SMPL's skeleton, and the one set all training reads.

``DATASETS`` lists the corpora; ``build.build`` turns one into clips of a training set; ``store.TrainingSet`` opens it.
"""

from motion.datasets import amass, bandai, cmu, deepmimic, hdm05, humanml3d, style100
from motion.datasets.source import Dataset

DATASETS: dict[str, Dataset] = {
    "bandai": Dataset(
        "bandai", "Bandai-Namco-Research-Motiondataset 1 and 2",
        "CC BY-NC 4.0", "bandai-namco", bandai.find, bandai.load,
    ),
    "cmu": Dataset(
        "cmu", "CMU Graphics Lab Motion Capture Database (mocap.cs.cmu.edu, NSF EIA-0196217)",
        "free for all uses, the motions may not be sold", "cmu", cmu.find, cmu.load,
    ),
    "hdm05": Dataset("hdm05", "HDM05, University of Bonn", "CC BY-SA 3.0", "hdm05", hdm05.find, hdm05.load),
    "amass": Dataset(
        "amass", "AMASS", "non-commercial research only (amass.is.tue.mpg.de)", "amass", amass.find, amass.load
    ),
    "humanml3d": Dataset(
        "humanml3d", "HumanML3D", "as AMASS, texts MIT", "humanml3d", humanml3d.find, humanml3d.load
    ),
    "100style": Dataset("100style", "100STYLE", "CC BY 4.0", "100style", style100.find, style100.load),
    "deepmimic": Dataset("deepmimic", "DeepMimic reference clips", "MIT", "deepmimic", deepmimic.find, deepmimic.load),
}  # fmt: skip

__all__ = ["DATASETS", "Dataset"]
