// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Verdict } from "../interfaces/ICaseCourt.sol";
import { Copy, ICopyRegistry } from "../interfaces/ICopyRegistry.sol";
import { IKeyLedger } from "../interfaces/IKeyLedger.sol";
import { ILeakCases } from "../interfaces/ILeakCases.sol";
import { Charge, Decision, IMatter } from "../interfaces/IMatter.sol";
import { IMinterRegistry } from "../interfaces/IMinterRegistry.sol";
import { IModelRegistry } from "../interfaces/IModelRegistry.sol";
import { IProtocol } from "../interfaces/IProtocol.sol";
import { CopyId, ModelId } from "../lib/Types.sol";
import { Matter } from "./Matter.sol";
import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";
import { SafeCast } from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @notice See `ILeakCases`.
contract LeakCases is Matter, ILeakCases {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @dev Bounties on one minter's copies, in two periods, so that any 180 days are within what they hold together.
    struct Bounties {
        uint96 current;
        uint96 previous;
        uint64 since;
    }

    uint256 private constant EIGHTHS = 8;
    /// @dev A bond is at least half a percent of what the case freezes.
    uint256 private constant FROZEN_PER_BOND = 200;
    /// @dev 18 billion USDC: a doubled bond, and an appeal's, stay within 64 bits whatever a copy's collateral.
    uint256 private constant MAX_BOND = type(uint64).max >> 10;
    uint64 private constant BOUNTY_PERIOD = 180 days;

    IERC20 private immutable USD;
    IProtocol private immutable PROTOCOL;
    ICopyRegistry private immutable COPIES;
    IModelRegistry private immutable REGISTRY;
    IMinterRegistry private immutable MINTERS;
    IKeyLedger private immutable KEYS;

    mapping(address minter => Bounties) private _bounties;
    mapping(CopyId id => uint256) private _cases;

    constructor(
        IERC20 usd,
        IProtocol protocol,
        ICopyRegistry copies,
        IModelRegistry registry,
        IMinterRegistry minters,
        IKeyLedger keys,
        address court
    ) Matter(court) {
        USD = usd;
        PROTOCOL = protocol;
        COPIES = copies;
        REGISTRY = registry;
        MINTERS = minters;
        KEYS = keys;
    }

    /* COURT ONLY */

    /// @inheritdoc IMatter
    function open(uint256 subject, bytes32 target, address opener) external onlyCourt returns (Charge memory charge) {
        CopyId id = CopyId.wrap(subject);
        Copy memory copy = COPIES.copies(id);
        require(copy.buyer != address(0), CopyUnknown(id));
        charge.excluded = [
            copy.buyer, copy.minter, REGISTRY.ownerOf(ModelId.unwrap(copy.modelId)), REGISTRY.controllerOf(copy.modelId)
        ];
        _requireNotExcluded(opener, charge.excluded);
        require(target != 0, TargetMissing());
        require(KEYS.left(id) > 0, IKeyLedger.CodewordSpent(id));

        // freezes what is left
        COPIES.openDispute(id);
        (charge.accused, charge.joinable) = (copy.buyer, true);
        charge.bond = bondOf(subject);
        charge.atStake = COPIES.copies(id).collateral;
        charge.threshold = _threshold(COPIES.soldOf(copy.modelId));
        ++_cases[id];
    }

    /// @inheritdoc IMatter
    /// @dev A second panel that finds no eighth left judges by what the first has opened.
    function test(uint256 subject, bytes32, bytes32 seed, uint8 earlier) external onlyCourt returns (uint8) {
        CopyId id = CopyId.wrap(subject);
        return KEYS.left(id) > 0 ? KEYS.spend(id, seed) : earlier;
    }

    /// @inheritdoc IMatter
    function close(uint256 subject, bytes32 target, Decision calldata decision)
        external
        onlyCourt
        returns (uint256 taken, uint256 bounty)
    {
        CopyId id = CopyId.wrap(subject);
        if (decision.verdict == Verdict.Accept) {
            (address minter, Bounties memory all, uint256 room) = _bountyRoom(id);
            bytes32 offence = keccak256(abi.encode(address(this), subject, target));
            (taken, bounty) = COPIES.slash(id, decision.most, Math.min(decision.cost, room), offence);
            all.current += bounty.toUint96();
            _bounties[minter] = all;
        }
        COPIES.closeDispute(id);

        if (bounty > 0) USD.safeTransfer(COURT, bounty);
    }

    /* VIEWS */

    /// @inheritdoc IMatter
    function isShown(uint256 subject, bytes32, uint8 eighth) external view returns (bool) {
        return KEYS.isShown(CopyId.wrap(subject), eighth);
    }

    /// @inheritdoc IMatter
    function bondOf(uint256 subject) public view returns (uint64 bond) {
        CopyId id = CopyId.wrap(subject);
        uint256 part = COPIES.copies(id).collateral / FROZEN_PER_BOND;
        bond = Math.min(Math.max(PROTOCOL.caseBond(), part), MAX_BOND).toUint64();
        bond <<= Math.min(_cases[id], EIGHTHS);
    }

    /// @inheritdoc ILeakCases
    function bountiesOn(address minter) external view returns (uint256) {
        Bounties memory all = _rolled(_bounties[minter]);
        return uint256(all.current) + all.previous;
    }

    /* INTERNAL */

    /// @dev What bounties on the minter's copies may still be: less than half of its bond within 180 days.
    function _bountyRoom(CopyId id) private view returns (address minter, Bounties memory all, uint256 room) {
        minter = COPIES.copies(id).minter;
        all = _rolled(_bounties[minter]);
        (, room) = Math.trySub(MINTERS.minters(minter).bond / 2, uint256(all.current) + all.previous);
    }

    function _rolled(Bounties memory all) private view returns (Bounties memory) {
        uint64 time = PROTOCOL.time();
        if (time < all.since + BOUNTY_PERIOD) return all;
        bool next = time < all.since + 2 * BOUNTY_PERIOD;
        return Bounties({ current: 0, previous: next ? all.current : 0, since: time });
    }
}
