// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ParentCases } from "../../src/court/ParentCases.sol";
import { Case, CaseId, Kind, Stage, Verdict } from "../../src/interfaces/ICaseCourt.sol";
import { IMatter } from "../../src/interfaces/IMatter.sol";
import { Ancestor, ParentRef, Relation, Terms } from "../../src/interfaces/IModelRegistry.sol";
import { OriginBond } from "../../src/interfaces/IOrigins.sol";
import { Descent, PooledKey } from "../../src/interfaces/IParentCases.sol";
import { Parameter } from "../../src/interfaces/IProtocol.sol";
import { Earnings } from "../../src/interfaces/ITreasury.sol";
import { BURNED, CopyId, ModelId, SHARE_SUPPLY } from "../../src/lib/Types.sol";
import { ModelRegistry } from "../../src/registry/ModelRegistry.sol";
import { Origins } from "../../src/registry/Origins.sol";
import { CourtBase } from "../helpers/CourtBase.sol";
import { EPOCH_LENGTH } from "../helpers/Defaults.sol";
import { Family } from "../helpers/Family.sol";
import { OpenTreasury } from "../helpers/Harness.sol";
import { Tree } from "../helpers/Tree.sol";

/// @notice Random calls about models, in any order: makers who name their parents and who hide them, who publish behind bonds
/// of their own and of others, and raise what they ask; users who pay; strangers who carry ancestors on. One maker is a thief,
/// with puppets that were registered early and ask for half.
/// @dev Keeps books of its own: who is entered and from when, what every model earned, and where the bonds are.
abstract contract Families is CourtBase {
    struct Asked {
        uint64 time;
        uint16 royaltyBps;
    }

    uint256 public constant MAKERS = 3;
    uint32 public constant VERSIONS = 4;
    uint256 private constant MAX_MODELS = 9;
    uint256 private constant BPS = 10_000;
    uint256 private constant PLACES = 4;
    address private constant PROTOCOL_ACCOUNT = address(1);
    address private constant PROVER_POOL = address(2);

    ModelRegistry internal registry;
    OpenTreasury internal treasury;
    Origins internal origins;
    ParentCases internal parentCases;

    /// @notice Bonds that were put up, that left, and that burned.
    uint256 public bondsIn;
    uint256 public bondsOut;
    uint256 public bondsBurned;
    /// @notice Number of ancestors that a panel entered, and that were carried on.
    uint256 public entries;
    uint256 public carried;
    /// @notice Describes the first violation that a call detected.
    string public broken;

    mapping(uint256 model => Ancestor[]) private _entered;
    mapping(uint256 model => mapping(uint256 ancestor => uint64)) private _since;
    mapping(uint256 model => Asked[]) private _asked;
    mapping(uint256 model => uint256) private _earned;

    function _parents(address courtAt) internal override returns (IMatter) {
        Family family = new Family(usd, protocol, uint48(EPOCH_LENGTH), courtAt);
        (registry, treasury, origins) = (family.registry(), family.treasury(), family.origins());
        return parentCases = family.cases();
    }

    /// @dev A parent and the thief's puppets with their pools, then a child that names nobody, and a child of it.
    function _found() internal {
        usd.sponsor(address(origins));
        protocol.set(Parameter.OriginTime, 20 days);
        _wait(1 days);
        register(0, 0, 1111, true);
        register(2, 0, 5000, true);
        register(2, 0, 5000, true);
        _wait(1 hours);
        register(1, 0, 0, true);
        register(0, 7, 333, false);
        _wait(1 hours);
    }

    function models() external view returns (uint256) {
        return registry.totalModels();
    }

    function maker(uint256 i) public pure returns (address) {
        return address(uint160(0x801 + i % MAKERS));
    }

    /* MODELS */

    /// @notice Registers a model that names one parent, or none.
    function register(uint256 who, uint256 named, uint16 royaltyBps, bool commits) public {
        uint256 total = registry.totalModels();
        if (total >= MAX_MODELS) return;
        ParentRef[] memory refs = new ParentRef[](named % 2);
        if (refs.length > 0) {
            ModelId parent = _model(named / 2);
            refs[0] = ParentRef(parent, Relation.Finetune, registry.termsHash(parent), CopyId.wrap(0));
        }
        vm.prank(maker(who));
        try registry.register(
            bytes32(uint256(1)), "ni:///x", _termsOf(royaltyBps % 5001), refs, new address[](0)
        ) returns (
            ModelId id
        ) {
            _asked[ModelId.unwrap(id)].push(Asked(0, royaltyBps % 5001));
            bondsIn += origins.bonds(id, 1).amount;
            if (commits) commitPool(ModelId.unwrap(id) - 1, 0);
        } catch { }
    }

    function commitPool(uint256 model, uint256 version) public {
        ModelId id = _model(model);
        uint32 number = _versionOf(id, version);
        if (registry.keyPool(id, number).root != 0) return;
        vm.prank(registry.controllerOf(id));
        registry.commitKeyPool(id, number, Tree.rootOf(pool));
    }

    /// @notice Publishes a version, behind a bond of the controller's own or one that waits.
    function publish(uint256 model, bool allows) external {
        ModelId id = _model(model);
        uint32 next = registry.versionCount(id) + 1;
        if (next > VERSIONS) return;
        OriginBond memory waiting = origins.bonds(id, next);
        address controller = registry.controllerOf(id);
        vm.prank(controller);
        usd.approve(address(origins), allows ? type(uint256).max : 0);
        vm.prank(controller);
        registry.addVersion(id, bytes32(uint256(1)), "ni:///x");
        OriginBond memory bond = origins.bonds(id, next);
        if (allows || waiting.owner == address(0)) {
            bondsIn += bond.amount;
            bondsOut += waiting.amount;
            if (bond.owner != controller) broken = "15. another's bond";
        } else if (bond.owner != waiting.owner || bond.amount != waiting.amount) {
            broken = "15. the bond that waited";
        }
    }

    function putUp(uint256 who, uint256 model) external {
        ModelId id = _model(model);
        uint32 next = registry.versionCount(id) + 1;
        vm.prank(maker(who));
        try origins.putUp(id, next) {
            bondsIn += origins.bonds(id, next).amount;
        } catch { }
    }

    function claimBond(uint256 who, uint256 model, uint256 version) external {
        ModelId id = _model(model);
        uint32 number = uint32(1 + version % (VERSIONS + 1));
        OriginBond memory bond = origins.bonds(id, number);
        bool waits = bond.since == 0 && bond.owner == maker(who);
        bool free = bond.since != 0 && protocol.time() >= bond.until && openCasesOf(id, number) == 0;
        uint256 before = usd.balanceOf(bond.owner);
        vm.prank(maker(who));
        try origins.claim(id, number) returns (uint64 amount) {
            if (!waits && !free) broken = "13. a bond left before its time";
            if (usd.balanceOf(bond.owner) != before + bond.amount) broken = "1. a bond goes to its owner";
            bondsOut += amount;
        } catch {
            if (waits || free) broken = "7. a bond did not return";
        }
    }

    function ask(uint256 model, uint16 royaltyBps) external {
        ModelId id = _model(model);
        vm.prank(registry.controllerOf(id));
        registry.setTerms(id, _termsOf(royaltyBps % 5001));
        _asked[ModelId.unwrap(id)].push(Asked(protocol.time(), royaltyBps % 5001));
    }

    /// @notice Anyone carries an ancestor from a model into another.
    function carry(uint256 ancestor, uint256 from, uint256 to) external {
        (uint256 one, uint256 first, uint256 second) = (_number(ancestor), _number(from), _number(to));
        ModelId[] memory path = new ModelId[](2);
        (path[0], path[1]) = (ModelId.wrap(first), ModelId.wrap(second));
        (bool earns, uint16 royaltyBps) = _royaltyIn(one, first);
        uint64 since = _since[first][one];
        (bool links, bool late) = (_isNamed(first, second), false);
        if (links) {
            late = registry.firstBond(path[1]).since < since;
        } else if (_find(_entered[second], first)) {
            links = true;
            if (_since[second][first] > since) since = _since[second][first];
        }
        bool due = earns && links && !late && !_isKnown(one, second) && _entered[second].length < PLACES;
        try origins.carry(ModelId.wrap(one), path) {
            if (!due) broken = "18. carried where nothing is due";
            _entered[second].push(Ancestor(ModelId.wrap(one), royaltyBps));
            _since[second][one] = since;
            ++carried;
        } catch {
            if (due) broken = "18. not carried where it is due";
        }
    }

    function pay(uint256 model, uint256 amount) external {
        amount %= amount % 2 == 0 ? 100 : 1e13;
        ModelId id = _model(model);
        _fund(BUYER, address(treasury), amount);
        vm.prank(BUYER);
        treasury.pay(id, amount, MINTER);

        uint256 rest = amount - 2 * (amount * 250 / BPS) - amount * 500 / BPS;
        uint256 own = BPS;
        Ancestor[] memory lineage = registry.lineage(id);
        for (uint256 i; i < lineage.length; ++i) {
            own -= lineage[i].royaltyBps;
            _earned[ModelId.unwrap(lineage[i].id)] += rest * lineage[i].royaltyBps;
        }
        _earned[ModelId.unwrap(id)] += rest * own - _payEntered(ModelId.unwrap(id), rest, own);
    }

    /// @dev Entered ancestors divide at most the shareholders' part.
    function _payEntered(uint256 model, uint256 rest, uint256 own) private returns (uint256 sum) {
        Ancestor[] memory list = _entered[model];
        uint256 asked;
        for (uint256 i; i < list.length; ++i) {
            asked += list[i].royaltyBps;
        }
        for (uint256 i; i < list.length; ++i) {
            uint256 part = rest * list[i].royaltyBps;
            if (asked > own) part = part * own / asked;
            _earned[ModelId.unwrap(list[i].id)] += part;
            sum += part;
        }
    }

    /* CASES */

    /// @dev What an accuser says: most often of an earlier model and a version that there is.
    function _accusation(uint256 model, uint256 ancestor, uint256 seed)
        internal
        view
        returns (uint256 subject, bytes32 target)
    {
        subject = _number(model);
        uint256 earlier = seed % 8 == 0 || subject == 1 ? _number(ancestor) : 1 + ancestor % (subject - 1);
        uint32 version = _versionOf(ModelId.wrap(subject), seed >> 8);
        uint32 ancestorVersion = _versionOf(ModelId.wrap(earlier), seed >> 16);
        ModelId displaced = ModelId.wrap(seed >> 24 & 1 == 0 ? 0 : _number(seed >> 32));
        target = parentCases.targetOf(Descent(version, ModelId.wrap(earlier), ancestorVersion, displaced));
    }

    function _openPooledKeys(CaseId id) internal {
        Descent memory descent = parentCases.descentOf(court.cases(id).target);
        uint8 eighth = _eighthOf(id);
        PooledKey[] memory opened = new PooledKey[](KEYS / 8);
        for (uint256 i; i < opened.length; ++i) {
            uint256 index = uint256(eighth) * KEYS / 8 + i;
            opened[i] = PooledKey(pool[index], Tree.proofOf(pool, index));
        }
        parentCases.openKeys(descent.ancestor, descent.ancestorVersion, eighth, uint64(KEYS), opened);
    }

    /// @dev What is left of the bond that a case is about; 0 if it is about something else.
    function _bondLeft(Case memory trial) internal view returns (uint256) {
        if (trial.kind != Kind.Parent) return 0;
        return origins.bonds(ModelId.wrap(trial.subject), parentCases.descentOf(trial.target).version).amount;
    }

    /// @param trial The case before it was closed.
    /// @param bond What was left of the bond before.
    function _noteClosed(Case memory trial, uint256 bond, uint256 bounty) internal {
        uint256 taken = bond - _bondLeft(trial);
        bool accepted = trial.verdict == Verdict.Accept;
        if (taken != (accepted ? (bond < trial.amount ? bond : trial.amount) : 0)) broken = "3. what was taken";
        if (bounty * BPS > taken * protocol.bountyBps()) broken = "17. the bounty";
        bondsOut += taken;
        bondsBurned += taken - bounty;
        if (accepted) _noteEntered(trial.subject, parentCases.descentOf(trial.target));
    }

    function _noteEntered(uint256 model, Descent memory descent) private {
        uint256 ancestor = ModelId.unwrap(descent.ancestor);
        if (_isKnown(ancestor, model)) return;
        Ancestor[] storage list = _entered[model];
        uint256 place;
        while (place < list.length && (list.length < PLACES || !(list[place].id == descent.displaced))) ++place;
        if (place == PLACES) return;

        uint64 since = origins.bonds(ModelId.wrap(model), descent.version).since;
        if (place == list.length) list.push();
        list[place] = Ancestor(descent.ancestor, _askedBefore(ancestor, since));
        _since[model][ancestor] = since;
        ++entries;
    }

    /* BOOKS */

    /// @notice Number of open cases about the bond of a version.
    function openCasesOf(ModelId id, uint32 version) public view returns (uint256) {
        return _openCases()[ModelId.unwrap(id)][version];
    }

    /// @dev By model and version.
    function _openCases() private view returns (uint256[VERSIONS + 2][MAX_MODELS + 1] memory count) {
        for (uint256 i = 1; i <= court.totalCases(); ++i) {
            Case memory trial = court.cases(CaseId.wrap(i));
            if (trial.kind != Kind.Parent || trial.stage == Stage.Closed) continue;
            ++count[trial.subject][parentCases.descentOf(trial.target).version];
        }
    }

    function assertBonds() external view {
        uint256 bonds;
        uint256[VERSIONS + 2][MAX_MODELS + 1] memory openCases = _openCases();
        for (uint256 i = 1; i <= registry.totalModels(); ++i) {
            for (uint32 version = 1; version <= VERSIONS + 1; ++version) {
                OriginBond memory bond = origins.bonds(ModelId.wrap(i), version);
                bonds += bond.amount;
                vm.assertEq(bond.openCases, openCases[i][version], "13. a case freezes its bond");
            }
        }
        uint256 balance = usd.balanceOf(address(origins));
        vm.assertEq(balance, bonds, "1. the bonds");
        vm.assertEq(bondsIn, bondsOut + balance, "1. bonds in are out, taken or still there");
        vm.assertEq(treasury.credit(BURNED), bondsBurned, "1. what was burned");
        vm.assertEq(usd.balanceOf(address(parentCases)), 0, "1. bounties are passed on");
    }

    function assertFamilies() external view {
        for (uint256 i = 1; i <= registry.totalModels(); ++i) {
            ModelId id = ModelId.wrap(i);
            bytes32 entered = keccak256(abi.encode(treasury.entered(id)));
            vm.assertEq(entered, keccak256(abi.encode(_entered[i])), "18. who is entered");
            Earnings memory earnings = treasury.earnings(id);
            uint256 earned = uint256(earnings.accrued) + earnings.streaming + earnings.pending;
            vm.assertEq(earned, _earned[i], "18. what every model earned");
            for (uint256 j; j < _entered[i].length; ++j) {
                uint256 ancestor = ModelId.unwrap(_entered[i][j].id);
                vm.assertTrue(ancestor < i, "18. an ancestor is earlier");
                vm.assertEq(origins.enteredSince(id, ModelId.wrap(ancestor)), _since[i][ancestor], "18. from when on");
            }
        }
    }

    function assertTreasury() external view {
        uint256 owed = treasury.credit(PROTOCOL_ACCOUNT) + treasury.credit(PROVER_POOL) + treasury.credit(BURNED);
        for (uint256 i; i < MAKERS; ++i) {
            owed += treasury.credit(maker(i));
        }
        owed *= treasury.parts();
        for (uint256 i = 1; i <= registry.totalModels(); ++i) {
            ModelId id = ModelId.wrap(i);
            owed += treasury.owedParts(id, registry.ownerOf(i)) + treasury.unaccrued(id) * SHARE_SUPPLY;
        }
        vm.assertEq(owed, usd.balanceOf(address(treasury)) * treasury.parts(), "1. the treasury holds what it owes");
    }

    /// @notice Every bond returns to its owner.
    function claimBonds() external {
        vm.warp(block.timestamp + 365 days);
        for (uint256 i = 1; i <= registry.totalModels(); ++i) {
            for (uint32 version = 1; version <= VERSIONS + 1; ++version) {
                address owner = origins.bonds(ModelId.wrap(i), version).owner;
                if (owner == address(0)) continue;
                vm.prank(owner);
                origins.claim(ModelId.wrap(i), version);
            }
        }
        vm.assertEq(usd.balanceOf(address(origins)), 0, "7. no bond is left");
    }

    /* UTILITIES */

    function _termsOf(uint16 royaltyBps) private pure returns (Terms memory) {
        return Terms(1e6, 1e6, 1000, royaltyBps, 0, 5000, 3);
    }

    function _number(uint256 seed) private view returns (uint256) {
        return 1 + seed % registry.totalModels();
    }

    function _model(uint256 seed) private view returns (ModelId) {
        return ModelId.wrap(_number(seed));
    }

    function _versionOf(ModelId id, uint256 seed) private view returns (uint32) {
        return uint32(1 + seed % registry.versionCount(id));
    }

    /// @dev What the model's terms asked in the last second before `time`.
    function _askedBefore(uint256 model, uint64 time) private view returns (uint16 royaltyBps) {
        Asked[] storage all = _asked[model];
        for (uint256 i; i < all.length && (i == 0 || all[i].time < time); ++i) {
            royaltyBps = all[i].royaltyBps;
        }
    }

    function _royaltyIn(uint256 ancestor, uint256 model) private view returns (bool earns, uint16 royaltyBps) {
        Ancestor[] memory lineage = registry.lineage(ModelId.wrap(model));
        for (uint256 i; i < lineage.length; ++i) {
            if (ModelId.unwrap(lineage[i].id) == ancestor) return (true, lineage[i].royaltyBps);
        }
        for (uint256 i; i < _entered[model].length; ++i) {
            if (ModelId.unwrap(_entered[model][i].id) == ancestor) return (true, _entered[model][i].royaltyBps);
        }
    }

    function _isKnown(uint256 ancestor, uint256 model) private view returns (bool earns) {
        (earns,) = _royaltyIn(ancestor, model);
        return earns || _isNamed(ancestor, model);
    }

    function _isNamed(uint256 parent, uint256 child) private view returns (bool) {
        for (uint256 i; i < registry.parents(ModelId.wrap(child)).length; ++i) {
            if (ModelId.unwrap(registry.parents(ModelId.wrap(child))[i].parent) == parent) return true;
        }
        return false;
    }

    function _find(Ancestor[] memory list, uint256 model) private pure returns (bool) {
        for (uint256 i; i < list.length; ++i) {
            if (ModelId.unwrap(list[i].id) == model) return true;
        }
        return false;
    }
}
