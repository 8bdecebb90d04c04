// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Ancestor, FirstBond, IModelRegistry, ParentEdge } from "../interfaces/IModelRegistry.sol";
import { IOrigins, OriginBond } from "../interfaces/IOrigins.sol";
import { IProtocol } from "../interfaces/IProtocol.sol";
import { ITreasury } from "../interfaces/ITreasury.sol";
import { BPS, BURNED, ModelId } from "../lib/Types.sol";
import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";
import { SafeCast } from "@openzeppelin/contracts/utils/math/SafeCast.sol";

uint256 constant MAX_ENTERED = 4;

/// @notice See `IOrigins`.
contract Origins is IOrigins {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @dev Every bond is below 2^40, and every duration below 2^16 epochs. What never changes of a first version's bond is
    /// stored by the registry, behind the code of the shares.
    struct PackedBond {
        address owner;
        uint40 amount;
        uint40 since;
        uint16 epochs;
    }

    IERC20 private immutable USD;
    IProtocol private immutable PROTOCOL;
    IModelRegistry private immutable REGISTRY;
    ITreasury private immutable TREASURY;
    address private immutable COURT;
    uint64 private immutable EPOCH_LENGTH;

    /// @inheritdoc IOrigins
    mapping(ModelId id => mapping(ModelId ancestor => uint64)) public enteredSince;

    mapping(ModelId id => mapping(uint32 version => PackedBond)) private _bonds;
    /// @dev What has left of first versions' bonds.
    mapping(ModelId id => uint40) private _left;
    mapping(ModelId id => mapping(uint32 version => uint16)) private _openCases;

    constructor(IERC20 usd, IProtocol protocol, IModelRegistry registry, ITreasury treasury, address court) {
        USD = usd;
        PROTOCOL = protocol;
        REGISTRY = registry;
        TREASURY = treasury;
        COURT = court;
        EPOCH_LENGTH = protocol.epochLength();
    }

    modifier onlyRegistry() {
        require(msg.sender == address(REGISTRY), NotRegistry(msg.sender, address(REGISTRY)));
        _;
    }

    modifier onlyCourt() {
        require(msg.sender == COURT, NotCourt(msg.sender, COURT));
        _;
    }

    /* BONDS */

    /// @inheritdoc IOrigins
    function lockFirst(ModelId id, address creator, FirstBond calldata bond) external onlyRegistry {
        emit BondSet(id, 1, creator, bond.amount, bond.since + bond.epochs * EPOCH_LENGTH);

        USD.safeTransferFrom(creator, address(this), bond.amount);
    }

    /// @inheritdoc IOrigins
    function lock(ModelId id, uint32 version, address caller) external onlyRegistry {
        PackedBond memory bond = _bonds[id][version];
        (uint64 time, uint64 amount, uint64 duration) = PROTOCOL.origin();
        bool waits = bond.owner != address(0);
        bool pulls = !waits || USD.allowance(caller, address(this)) >= amount;
        (address before, uint40 returned) = (bond.owner, bond.amount);

        // seconds until the year 36812, and what the bounds of the parameters allow
        // forge-lint: disable-start(unsafe-typecast)
        if (pulls) (bond.owner, bond.amount) = (caller, uint40(amount));
        (bond.since, bond.epochs) = (uint40(time), uint16(duration / EPOCH_LENGTH));
        // forge-lint: disable-end(unsafe-typecast)
        _bonds[id][version] = bond;
        emit BondSet(id, version, bond.owner, bond.amount, _untilOf(bond));

        if (pulls) USD.safeTransferFrom(caller, address(this), amount);
        if (pulls && waits) _credit(before, returned);
    }

    /// @inheritdoc IOrigins
    function putUp(ModelId id, uint32 version) external {
        PROTOCOL.requireOpen();
        uint32 count = REGISTRY.versionCount(id);
        PackedBond storage bond = _bonds[id][version];
        require(version == count + 1 && bond.owner == address(0), VersionNotNext(id, version, count));
        (, uint64 amount,) = PROTOCOL.origin();

        // the bound of the parameter fits
        // forge-lint: disable-next-line(unsafe-typecast)
        (bond.owner, bond.amount) = (msg.sender, uint40(amount));
        emit BondWaits(id, version, msg.sender, amount);

        USD.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IOrigins
    function claim(ModelId id, uint32 version) external returns (uint64 amount) {
        PackedBond memory bond = _bondOf(id, version);
        (uint64 time, uint64 until) = (PROTOCOL.time(), _untilOf(bond));
        uint16 openCases = _openCases[id][version];
        bool waits = bond.since == 0 && msg.sender == bond.owner;
        require(waits || (bond.since != 0 && time >= until && openCases == 0), BondLocked(time, until, openCases));

        amount = bond.amount;
        if (amount == 0) return 0;
        if (waits) delete _bonds[id][version];
        else _reduce(id, version, amount);
        emit BondClaimed(id, version, bond.owner, amount);

        USD.safeTransfer(bond.owner, amount);
    }

    /* ANCESTORS */

    /// @inheritdoc IOrigins
    function carry(ModelId ancestor, ModelId[] calldata path) external {
        require(path.length > 1, PathTooShort(path.length));
        ModelId last = path[path.length - 1];
        (bool earns, uint16 royaltyBps) = _royaltyOf(ancestor, path[0]);
        require(earns, NotAncestor(ancestor, path[0]));
        uint64 since = enteredSince[path[0]][ancestor];
        for (uint256 i = 1; i < path.length; ++i) {
            since = _passOn(path[i - 1], path[i], since);
        }
        require(!isKnown(last, ancestor), AncestorKnown(ancestor, last));
        Ancestor[] memory entered = TREASURY.entered(last);
        require(entered.length < MAX_ENTERED, PlacesTaken(last, MAX_ENTERED));

        _enter(last, entered, entered.length, Ancestor(ancestor, royaltyBps), since);
    }

    /* COURT ONLY */

    /// @inheritdoc IOrigins
    function openCase(ModelId id, uint32 version) external onlyCourt {
        PackedBond memory bond = _bondOf(id, version);
        (uint64 time, uint64 until) = (PROTOCOL.time(), _untilOf(bond));
        require(bond.since != 0 && time < until, BondReleased(id, version, time, until));

        ++_openCases[id][version];
    }

    /// @inheritdoc IOrigins
    function closeCase(ModelId id, uint32 version) external onlyCourt {
        --_openCases[id][version];
    }

    /// @inheritdoc IOrigins
    function take(ModelId id, uint32 version, uint256 most, uint256 maxBounty)
        external
        onlyCourt
        returns (uint64 taken, uint64 bounty)
    {
        taken = Math.min(most, _bondOf(id, version).amount).toUint64();
        if (taken == 0) return (0, 0);
        bounty = Math.min(maxBounty, uint256(taken) * PROTOCOL.bountyBps() / BPS).toUint64();

        _reduce(id, version, taken);
        emit BondTaken(id, version, taken, bounty);

        _credit(BURNED, taken - bounty);
        USD.safeTransfer(COURT, bounty);
    }

    /// @inheritdoc IOrigins
    function enter(ModelId id, uint32 version, ModelId ancestor, ModelId displaced) external onlyCourt {
        Ancestor[] memory entered = TREASURY.entered(id);
        uint256 place = _placeFor(entered, displaced);
        if (place == MAX_ENTERED || isKnown(id, ancestor)) return;

        uint64 since = _bondOf(id, version).since;
        _enter(id, entered, place, Ancestor(ancestor, REGISTRY.royaltyAt(ancestor, since - 1)), since);
    }

    /* VIEWS */

    /// @inheritdoc IOrigins
    function bonds(ModelId id, uint32 version) external view returns (OriginBond memory) {
        PackedBond memory bond = _bondOf(id, version);
        uint64 until = bond.since == 0 ? 0 : _untilOf(bond);
        return OriginBond(bond.owner, bond.amount, bond.since, until, _openCases[id][version]);
    }

    /// @inheritdoc IOrigins
    function hasPlace(ModelId id, ModelId displaced) external view returns (bool) {
        return _placeFor(TREASURY.entered(id), displaced) < MAX_ENTERED;
    }

    /// @inheritdoc IOrigins
    function isKnown(ModelId id, ModelId ancestor) public view returns (bool) {
        (bool earns,) = _royaltyOf(ancestor, id);
        return earns || _isNamed(ancestor, id);
    }

    /* INTERNAL */

    function _bondOf(ModelId id, uint32 version) private view returns (PackedBond memory) {
        if (version != 1) return _bonds[id][version];
        FirstBond memory first = REGISTRY.firstBond(id);
        address creator = REGISTRY.ownerOf(ModelId.unwrap(id));
        return PackedBond(creator, first.amount - _left[id], first.since, first.epochs);
    }

    /// @param amount At most what is left.
    function _reduce(ModelId id, uint32 version, uint64 amount) private {
        // a bond is below 2^40
        // forge-lint: disable-next-line(unsafe-typecast)
        if (version == 1) _left[id] += uint40(amount);
        // forge-lint: disable-next-line(unsafe-typecast)
        else _bonds[id][version].amount -= uint40(amount);
    }

    /// @dev The next place, or that of `displaced` if all are taken; `MAX_ENTERED` if there is none.
    function _placeFor(Ancestor[] memory entered, ModelId displaced) private pure returns (uint256 place) {
        if (entered.length < MAX_ENTERED) return entered.length;
        while (place < MAX_ENTERED && !(entered[place].id == displaced)) ++place;
    }

    /// @dev Puts an ancestor in a place, which is the next or one that is taken.
    function _enter(ModelId id, Ancestor[] memory entered, uint256 place, Ancestor memory ancestor, uint64 since)
        private
    {
        Ancestor[] memory next = new Ancestor[](Math.max(entered.length, place + 1));
        for (uint256 i; i < entered.length; ++i) {
            next[i] = entered[i];
        }
        ModelId displaced = place < entered.length ? entered[place].id : ModelId.wrap(0);
        next[place] = ancestor;
        enteredSince[id][ancestor.id] = since;
        emit AncestorEntered(id, ancestor.id, ancestor.royaltyBps, displaced);

        TREASURY.setEntered(id, next);
    }

    /// @dev What the child owes to an ancestor of its parent, and from when on its own children do.
    function _passOn(ModelId parent, ModelId child, uint64 since) private view returns (uint64) {
        if (_isNamed(parent, child)) {
            uint64 registeredAt = REGISTRY.firstBond(child).since;
            require(registeredAt >= since, PublishedBefore(child, registeredAt, since));
            return since;
        }
        (bool found,) = _find(TREASURY.entered(child), parent);
        require(found, NotParent(parent, child));
        return Math.max(since, enteredSince[child][parent]).toUint64();
    }

    /// @dev Whether an ancestor earns from a model, and its royalty.
    function _royaltyOf(ModelId ancestor, ModelId id) private view returns (bool earns, uint16 royaltyBps) {
        (earns, royaltyBps) = _find(REGISTRY.lineage(id), ancestor);
        if (!earns) (earns, royaltyBps) = _find(TREASURY.entered(id), ancestor);
    }

    function _find(Ancestor[] memory ancestors, ModelId id) private pure returns (bool found, uint16 royaltyBps) {
        for (uint256 i; i < ancestors.length; ++i) {
            if (ancestors[i].id == id) return (true, ancestors[i].royaltyBps);
        }
    }

    function _isNamed(ModelId parent, ModelId child) private view returns (bool) {
        ParentEdge[] memory edges = REGISTRY.parents(child);
        for (uint256 i; i < edges.length; ++i) {
            if (edges[i].parent == parent) return true;
        }
        return false;
    }

    function _credit(address account, uint256 amount) private {
        USD.forceApprove(address(TREASURY), amount);
        TREASURY.payAccount(account, amount);
    }

    function _untilOf(PackedBond memory bond) private view returns (uint64) {
        return bond.since + bond.epochs * EPOCH_LENGTH;
    }
}
